"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, formData, previousOutcome, runAction, runProof } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import { requestAddressChange, requestVerification } from "@/lib/services/account/email-address";
import { changePassword } from "@/lib/services/account/password";

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** Replaces the password and ends the other sessions. */
export const changePasswordAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const input = { current: text(form, "current"), password: text(form, "password") };
    const result = await runProof((actor) => changePassword(actor, input));
    if (!result.ok) return result;
    revalidatePath("/settings");
    return { ok: true, data: null };
  },
);

/** Sends the link that confirms the address of the one who asks. */
export const requestVerificationAction = action([], async (): Promise<ActionResult> => {
  const result = await runAction(requestVerification);
  return result.ok ? { ok: true, data: null } : result;
});

/** Sends the link that makes another address that of the one who asks. */
export const requestAddressChangeAction = action(
  [z.object({ email: z.string() })],
  async (input): Promise<ActionResult<void>> => {
    const result = await runAction((actor) => requestAddressChange(actor, input));
    if (result.ok) revalidatePath("/settings");
    return result;
  },
);
