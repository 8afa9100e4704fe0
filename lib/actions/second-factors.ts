"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, actionOf, answer, runAction } from "@/lib/auth/action";
import { passkeySite } from "@/lib/auth/passkey-site";
import {
  addPasskey,
  type NewPasskey,
  removePasskey,
  renamePasskey,
  startPasskey,
} from "@/lib/services/passkeys/passkeys";
import { regenerateRecoveryCodes } from "@/lib/services/two-step/recovery-codes";
import { confirmTotp, removeTotp, startTotp } from "@/lib/services/two-step/totp";
import { requireTwoStep } from "@/lib/services/two-step/two-step";

// Also where a second factor has to be set up before anything else: the answer brings whichever page is open.
const page = "/settings";

// Seeds and recovery codes go to the browser in these answers only.
export const startTotpAction = actionOf(startTotp);
export const confirmTotpAction = actionOf(confirmTotp, page);
export const removeTotpAction = actionOf(removeTotp, page);
export const regenerateRecoveryCodesAction = actionOf(regenerateRecoveryCodes, page);

/** What the browser is to make a passkey from. */
export const startPasskeyAction = action([], () =>
  runAction(async (actor) => startPasskey(actor, { site: await passkeySite() })),
);

/** Keeps the passkey that the browser made. */
export const addPasskeyAction = action([z.object({ answer: answer<NewPasskey>() })], async (input) => {
  const result = await runAction(async (actor) => addPasskey(actor, { ...input, site: await passkeySite() }));
  if (result.ok) revalidatePath(page);
  return result;
});

export const renamePasskeyAction = actionOf(renamePasskey, page);
export const removePasskeyAction = actionOf(removePasskey, page);

/** Requires two-step sign-in of everyone, or no longer. */
export const requireTwoStepAction = actionOf(requireTwoStep, page);
