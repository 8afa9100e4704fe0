import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { queueNotice } from "../mail/queue-notice";
import { forgetPendingSignIns } from "../session/pending-sign-in";
import type { LinkOwner } from "./mail-links";

/**
 * Replaces a password in the transaction of the change: ends the user's sessions, sign-ins that wait for their
 * second step and links that could replace it or the address, and tells by mail.
 *
 * @param except the session that stays, if one does
 */
export async function setPassword(
  tx: Transaction,
  { userId, email }: LinkOwner,
  passwordHash: string,
  origin: Origin,
  except?: string,
): Promise<void> {
  const now = new Date();
  await tx.user.update({ where: { id: userId }, data: { passwordHash } });
  await tx.session.updateMany({
    where: { userId, revokedAt: null, ...(except && { id: { not: except } }) },
    data: { revokedAt: now },
  });
  await forgetPendingSignIns(tx, userId);
  await tx.mailLink.deleteMany({ where: { userId, purpose: { in: ["reset_password", "change_address"] } } });
  await queueNotice(tx, "password_changed", email, {}, origin);
}
