import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { Mail } from "@/lib/domain/mail";
import { deviceKey } from "@/lib/domain/user-agent";
import { noticeMail, sendsMail } from "../mail/queue";
import { parse } from "../parse";
import {
  isResetLimited,
  limitLinks,
  limitProof,
  rememberMailboxProof,
  settleProof,
} from "../session/login-limit";
import { forgetPendingSignIns } from "../session/pending-sign-in";
import { requirePassword } from "../session/prove";
import { credentialsSchema, inFixedTime } from "../session/sign-in";
import { changePerson, selfUseCase } from "../use-case";
import { whereEmail } from "./email-address";
import { byLink, hasLink, type LinkOwner, linkMail, ownerOfLink, useUpLink } from "./mail-links";
import { hashPassword, newPasswordSchema, requireStrongReplacement } from "./password-rules";

/**
 * Replaces a password in the transaction of the change: ends the user's sessions, sign-ins that wait for their
 * second step and links that could replace it or the address.
 *
 * @param except the session that stays, if one does
 * @returns the mail that tells the user
 */
async function setPassword(
  tx: Transaction,
  { userId, email }: LinkOwner,
  passwordHash: string,
  origin: Origin,
  except?: string,
): Promise<Mail> {
  await tx.user.update({ where: { id: userId }, data: { passwordHash } });
  await tx.session.updateMany({
    where: { userId, revokedAt: null, ...(except && { id: { not: except } }) },
    data: { revokedAt: new Date() },
  });
  await forgetPendingSignIns(tx, userId);
  await tx.mailLink.deleteMany({ where: { userId, purpose: { in: ["reset_password", "change_address"] } } });
  return noticeMail("password_changed", email, {}, origin);
}

/** What the trail says a change of a user's password was about. */
const target = ({ userId, email }: LinkOwner) =>
  ({ targetType: "user", targetId: userId, targetLabel: email }) as const;

/**
 * Replaces the actor's password and ends their other sessions. The current one is always asked for, however
 * fresh the last proof is: a browser left open must not become somebody else's. Tries count with the session's
 * proofs.
 *
 * @throws Refusal `limited` (with retryAfter), or `invalid` (current: required, password_wrong; password)
 */
export const changePassword = selfUseCase({
  proof: false,
  input: z.object({ current: credentialsSchema.shape.password, password: newPasswordSchema }),
  before: async (actor, { current, password }) => {
    await limitProof(actor.sessionId, "password");
    const currentHash = await requirePassword(actor, current, "current");
    await settleProof(actor.sessionId);
    await requireStrongReplacement(password, actor);
    return { currentHash, newHash: await hashPassword(password) };
  },
  run: async ({ tx, actor }, _input, { currentHash, newHash }) => {
    // Of two changes at once the second one no longer knows the password.
    const unchanged = await tx.user.count({ where: { id: actor.userId, passwordHash: currentHash } });
    if (unchanged === 0) throw new Refusal("conflict");
    const mails = [await setPassword(tx, actor, newHash, actor, actor.sessionId)];
    return { result: undefined, event: { action: "password.changed", ...target(actor) }, mails };
  },
});

const resetRequestSchema = z.object({ email: credentialsSchema.shape.email });

/**
 * Sends a link to set a new password, if the address has a user. It answers the same after the same time
 * whether it has or not, also when too many were asked for: then nothing more is sent while the newest link counts.
 *
 * @throws Refusal `mail_off`, `limited` (too many from this client address), or `invalid` (email: required)
 */
export async function requestPasswordReset(
  input: z.input<typeof resetRequestSchema>,
  origin: Origin,
): Promise<void> {
  const { email } = parse(resetRequestSchema, input);
  if (!sendsMail()) throw new Refusal("mail_off");
  await limitLinks(origin.address);
  await inFixedTime(async () => {
    const tooMany = await isResetLimited(email);
    const user = await db.user.findUnique({ where: whereEmail(email) });
    if (!user) return;
    const owner = { userId: user.id, email: user.email };
    // Whoever asks on behalf of somebody else must not leave them without a link that counts.
    if (tooMany && (await hasLink("reset_password", owner))) return;
    await changePerson(owner.userId, byLink(owner, origin), async (tx) => {
      const mails = [await linkMail(tx, "reset_password", owner, {})];
      return { result: undefined, event: { action: "password.reset_requested", ...target(owner) }, mails };
    });
  });
}

const resetSchema = z.object({ token: z.string(), password: newPasswordSchema });

/**
 * Sets a new password with a link sent by mail and ends every session of the user. It signs nobody in: a second
 * step stays as it is, except where the address was never confirmed. Then whoever registered it may have been somebody
 * else, and what they set up ends. A password that is refused leaves the link as it was.
 *
 * @throws Refusal `link_invalid`, `limited` (with retryAfter), or `invalid` (password)
 */
export async function resetPassword(input: z.input<typeof resetSchema>, origin: Origin): Promise<void> {
  const { token, password } = parse(resetSchema, input);
  await limitLinks(origin.address);
  // Before hashing, so that an invented link costs nothing; used up for good in the transaction.
  const owner = await ownerOfLink("reset_password", token);
  await requireStrongReplacement(password, owner);
  const passwordHash = await hashPassword(password);
  await changePerson(owner.userId, byLink(owner, origin), async (tx) => {
    await useUpLink(tx, "reset_password", token);
    const mails = [await setPassword(tx, owner, passwordHash, origin)];
    // Who opened the link reads the mail of this address.
    const first = await tx.user.updateMany({
      where: { id: owner.userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: new Date() },
    });
    const removed = first.count > 0 ? await removeEarlierWaysIn(tx, owner) : 0;
    if (removed > 0) {
      mails.push(noticeMail("second_factor_removed", owner.email, { factor: "planted" }, origin));
    }
    const details = removed > 0 ? { by: "first_proof", count: removed } : {};
    return { result: undefined, event: { action: "password.reset", ...target(owner), details }, mails };
  });
  await rememberMailboxProof(owner.userId, deviceKey(origin));
}

/**
 * To be called when a mailbox is proved for the first time, by somebody who need not be the one who registered its
 * address: takes away whatever that one may have left behind to come back by. These are authenticator apps, recovery
 * codes, passkeys, linked and waiting sign-ins at providers, links by mail, and open invitations sent in the user's
 * name. Sessions and waiting sign-ins end with the password. Accounts, memberships and instances stay with the user.
 *
 * @returns how many ways in there were; links and waiting sign-ins, which end by themselves, are not counted
 */
async function removeEarlierWaysIn(tx: Transaction, { userId, email }: LinkOwner): Promise<number> {
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
  return apps + passkeys.count + identities.count + invitations.count;
}
