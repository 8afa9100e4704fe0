import type { Transaction } from "@/lib/db/transaction";
import type { Role } from "@/lib/domain/permissions";
import { queueMail, sendsMail } from "../mail/queue";
import { invitationPath } from "./invitation-token";

/** A sent invitation: by mail, or as the path of a link to hand over, which is shown this once. */
export interface SentInvitation {
  readonly email: string;
  /** null when it went by mail. */
  readonly path: string | null;
}

/** Sends the invitation by mail when the transaction commits; without a mail server its link is handed out. */
export async function sendInvitation(
  tx: Transaction,
  invitation: { email: string; role: Role; account: string; inviter: string; token: string },
): Promise<SentInvitation> {
  const { email, token, ...params } = invitation;
  const path = invitationPath(token);
  await queueMail(tx, { to: email, template: "invitation", params: { ...params, path } });
  return { email, path: sendsMail() ? null : path };
}
