import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { queueNotice } from "../mail/queue-notice";
import type { LinkOwner } from "./mail-links";

/**
 * To be called when a mailbox is proved for the first time, by somebody who need not be the one who registered its
 * address: takes away whatever that one may have left behind to come back by. These are authenticator apps, recovery
 * codes, passkeys, linked and waiting sign-ins at providers, links by mail, and open invitations sent in the user's
 * name. Sessions and waiting sign-ins end with the password. Accounts, memberships and instances stay with the user.
 * What was taken is told by mail.
 *
 * @returns how many ways in there were; links and waiting sign-ins, which end by themselves, are not counted
 */
export async function dropPlanted(tx: Transaction, owner: LinkOwner, origin: Origin): Promise<number> {
  const { userId, email } = owner;
  const where = { userId };
  const apps = await tx.totp.count({ where: { userId, active: true } });
  await tx.totp.deleteMany({ where });
  await tx.recoveryCode.deleteMany({ where });
  const passkeys = await tx.passkey.deleteMany({ where });
  const identities = await tx.identity.deleteMany({ where });
  await tx.pendingLink.deleteMany({ where });
  await tx.mailLink.deleteMany({ where });
  const invitations = await tx.invitation.deleteMany({
    where: { invitedBy: email, account: { memberships: { some: where } } },
  });
  const count = apps + passkeys.count + identities.count + invitations.count;
  if (count > 0) await queueNotice(tx, "second_factor_removed", email, { factor: "planted" }, origin);
  return count;
}
