"use server";

import { actionOf } from "@/lib/auth/action";
import { passkeySite } from "@/lib/auth/urls";
import { addPasskey, removePasskey, renamePasskey, startPasskey } from "@/lib/services/passkeys/passkeys";
import { regenerateRecoveryCodes } from "@/lib/services/two-step/recovery-codes";
import { confirmTotp, removeTotp, startTotp } from "@/lib/services/two-step/totp";
import { requireTwoStep } from "@/lib/services/two-step/two-step";

// Also where a second factor has to be set up before anything else: the answer brings whichever page is open.
const page = "/settings";

/** What passkeys are bound to here. */
const site = async () => ({ site: await passkeySite() });

// Seeds and recovery codes go to the browser in these answers only.
export const startTotpAction = actionOf(startTotp);
export const confirmTotpAction = actionOf(confirmTotp, page);
export const removeTotpAction = actionOf(removeTotp, page);
export const regenerateRecoveryCodesAction = actionOf(regenerateRecoveryCodes, page);

export const startPasskeyAction = actionOf(startPasskey, undefined, site);
export const addPasskeyAction = actionOf(addPasskey, page, site);
export const renamePasskeyAction = actionOf(renamePasskey, page);
export const removePasskeyAction = actionOf(removePasskey, page);

/** Requires two-step sign-in of everyone, or no longer. */
export const requireTwoStepAction = actionOf(requireTwoStep, page);
