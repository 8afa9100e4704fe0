"use server";

import { action, formData, previousOutcome, runPublicAction } from "@/lib/auth/action";
import { currentPerson } from "@/lib/auth/current-actor";
import { requestOrigin } from "@/lib/auth/origin";
import type { ActionResult } from "@/lib/domain/errors";
import { changeAddress, verifyAddress } from "@/lib/services/account/email-address";
import { requestPasswordReset, resetPassword } from "@/lib/services/account/password";

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

async function done(work: () => Promise<void>): Promise<ActionResult> {
  const result = await runPublicAction(work);
  return result.ok ? { ok: true, data: null } : result;
}

/** Where a link was opened, and who is signed in there. */
const opener = async () => ({ ...(await requestOrigin()), ...(await currentPerson()) });

/** Asks for a link to set a new password. The answer does not say whether the address is known. */
export const forgotAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const email = text(form, "email");
    const result = await done(async () => requestPasswordReset({ email }, await requestOrigin()));
    return result.ok ? result : { ...result, values: { email } };
  },
);

/** Sets a new password with the link that the form holds, or that was pasted into it. */
export const resetPasswordAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const input = { token: text(form, "link") || text(form, "token"), password: text(form, "password") };
    return done(async () => resetPassword(input, await requestOrigin()));
  },
);

/** Confirms an address with the link that the form holds, or that was pasted into it. */
export const verifyAddressAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const token = text(form, "link") || text(form, "token");
    return done(async () => verifyAddress({ token }, await opener()));
  },
);

/** Changes an address with the link that the form holds, or that was pasted into it. */
export const changeAddressAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult> => {
    const token = text(form, "link") || text(form, "token");
    return done(async () => changeAddress({ token }, await opener()));
  },
);
