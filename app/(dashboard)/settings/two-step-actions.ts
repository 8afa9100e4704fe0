"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, runAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import type { FactorAdded, TotpEnrolment } from "@/lib/domain/second-factor";
import { regenerateRecoveryCodes } from "@/lib/services/two-step/recovery-codes";
import { confirmTotp, removeTotp, startTotp } from "@/lib/services/two-step/totp";
import { requireTwoStep } from "@/lib/services/two-step/two-step";

/** Where two-step sign-in is shown. */
function refresh(): void {
  revalidatePath("/settings");
  revalidatePath("/two-step");
}

/** Makes a seed for an authenticator app. */
export const startTotpAction = action([], async (): Promise<ActionResult<TotpEnrolment>> => {
  return runAction(startTotp);
});

/** Turns the app on that shows this code. */
export const confirmTotpAction = action(
  [z.object({ enrolmentId: z.string(), code: z.string() })],
  async (input): Promise<ActionResult<FactorAdded>> => {
    const result = await runAction((actor) => confirmTotp(actor, input));
    refresh();
    return result;
  },
);

/** Turns the authenticator app off. */
export const removeTotpAction = action([], async (): Promise<ActionResult<void>> => {
  const result = await runAction(removeTotp);
  refresh();
  return result;
});

/** Makes new recovery codes. */
export const regenerateRecoveryCodesAction = action(
  [],
  async (): Promise<ActionResult<{ recoveryCodes: readonly string[] }>> => {
    const result = await runAction(regenerateRecoveryCodes);
    refresh();
    return result;
  },
);

/** Requires two-step sign-in of everyone, or no longer. */
export const requireTwoStepAction = action(
  [z.object({ required: z.boolean() })],
  async (input): Promise<ActionResult<void>> => {
    const result = await runAction((actor) => requireTwoStep(actor, input));
    refresh();
    return result;
  },
);
