"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { actionOf, asMember, formAction, formData, serverAction } from "@/lib/auth/action";
import { renewSessionCookie } from "@/lib/auth/session-cookie";
import type { AlertKind } from "@/lib/domain/alert";
import { changeOwnName, changeRetention, deleteAccount, renameAccount } from "@/lib/services/account/account";
import { requestAddressChange, requestVerification } from "@/lib/services/account/email-address";
import { changePassword } from "@/lib/services/account/password";
import { changeAlerts } from "@/lib/services/alerts/settings";
import { unlinkIdentity } from "@/lib/services/identities/link-identity";
import { revokeOtherSessions, revokeSession } from "@/lib/services/session/end-sessions";

const page = "/settings";

export const changeOwnNameAction = actionOf(changeOwnName, page);
export const requestVerificationAction = actionOf(requestVerification);
export const requestAddressChangeAction = actionOf(requestAddressChange, page);
export const unlinkIdentityAction = actionOf(unlinkIdentity, page);

export const renameAccountAction = actionOf(renameAccount, page);
export const changeRetentionAction = actionOf(changeRetention, page);

// Nothing is drawn: the page that is open belongs to the account that is gone.
export const deleteAccountAction = actionOf(deleteAccount);

// The rest are the actions of forms, which browsers without JavaScript send themselves. The first two answer how many ended.

/** A list that may have changed is read again; while a proof is asked for, nothing has. */
async function drawnAnew<R extends { readonly code: string }>(refused: R): Promise<R> {
  if (refused.code !== "proof_required") revalidatePath(page);
  return refused;
}

/** Ends the session that the form names. The list is drawn anew when it turns out to be over already. */
export const endSessionAction = serverAction(
  [z.unknown(), formData],
  (_previous, data) =>
    asMember(async (actor) => {
      await revokeSession(actor, { sessionId: String(data.get("sessionId")) });
      revalidatePath(page);
      return 1;
    }),
  drawnAnew,
);

/** Ends all other sessions of the one who asks. */
export const endOtherSessionsAction = serverAction(
  [z.unknown(), formData],
  () =>
    asMember(async (actor) => {
      const count = await revokeOtherSessions(actor);
      revalidatePath(page);
      return count;
    }),
  drawnAnew,
);

/** Switches one kind of alert on or off for the one who asks. */
export const changeAlertsAction = formAction(["kind", "on"], ({ kind, on }) =>
  asMember(async (actor) => {
    await changeAlerts(actor, { kind: kind as AlertKind, on: on === "true" });
    revalidatePath(page);
  }),
);

/** Replaces the password and ends the other sessions; a proof as well, so the cookie is changed with it. */
export const changePasswordAction = formAction(["current", "password"], (input) =>
  asMember(async (actor) => {
    await changePassword(actor, input);
    await renewSessionCookie(actor);
    revalidatePath(page);
  }),
);
