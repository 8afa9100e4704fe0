"use server";

import { revalidatePath } from "next/cache";
import { action, actionOf, formData, previousOutcome, runAction, runProof } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import { changeOwnName, changeRetention, deleteAccount, renameAccount } from "@/lib/services/account/account";
import { requestAddressChange, requestVerification } from "@/lib/services/account/email-address";
import { changePassword } from "@/lib/services/account/password";
import { unlinkIdentity } from "@/lib/services/identities/link-identity";
import { revokeOtherSessions, revokeSession } from "@/lib/services/session/end-sessions";

const page = "/settings";

export const changeOwnNameAction = actionOf(changeOwnName, page);
export const requestVerificationAction = actionOf(requestVerification);
export const requestAddressChangeAction = actionOf(requestAddressChange, page);
export const unlinkIdentityAction = actionOf(unlinkIdentity, page);

export const renameAccountAction = actionOf(renameAccount, page);
export const changeRetentionAction = actionOf(changeRetention, page);

// The page that is open belongs to the account that is gone.
export const deleteAccountAction = actionOf(deleteAccount);

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
    revalidatePath(page);
    return { ok: true, data: null };
  },
);

/** A list that may have changed is read again; while a proof is asked for, nothing has. */
function shown(result: ActionResult<number>): ActionResult<number> {
  if (result.ok || result.code !== "proof_required") revalidatePath(page);
  return result;
}

/** Ends the session that the form names; answers how many that are. */
export const endSessionAction = action([previousOutcome, formData], async (_previous, form) => {
  const result = await runAction(async (actor) => {
    await revokeSession(actor, { sessionId: text(form, "sessionId") });
    return 1;
  });
  return shown(result);
});

/** Ends all other sessions of the one who asks; answers how many there were. */
export const endOtherSessionsAction = action([previousOutcome, formData], async () =>
  shown(await runAction((actor) => revokeOtherSessions(actor))),
);
