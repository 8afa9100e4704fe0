import type { Transaction } from "@/lib/db/transaction";
import type { Role } from "@/lib/domain/permissions";
import { queueMail } from "../mail/queue";
import { invitationPath } from "./invitation-token";

/** A sent invitation: by mail, or as the path of a link to hand over, which is shown this once. */
export interface SentInvitation {
  readonly email: string;
  /** null when it went by mail. */
  readonly path: string | null;
}

/** Sends the invitation by mail when the transaction commits, or hands its link out: never both. */
export async function sendInvitation(
  tx: Transaction,
  invitation: {
    email: string;
    role: Role;
    account: string;
    inviter: string;
    token: string;
    /** As it is kept with the invitation. */
    mailed: boolean;
  },
): Promise<SentInvitation> {
  const { email, token, mailed, ...params } = invitation;
  const path = invitationPath(token);
  if (!mailed) return { email, path };
  await queueMail(tx, { to: email, template: "invitation", params: { ...params, path } });
  return { email, path: null };
}
