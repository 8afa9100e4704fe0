import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor, Origin } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { deviceKey } from "@/lib/domain/user-agent";
import { authorize } from "../authorize";
import { changePerson, changeSelf } from "../change-self";
import { queueNotice, sendsMail } from "../mail/queue";
import { parse } from "../parse";
import { couldBePassword, credentialsSchema } from "../session/credentials";
import {
  evenly,
  isResetLimited,
  limitLinks,
  limitProof,
  settleProof,
  vouchByMailbox,
} from "../session/login-limit";
import { forgetPendingSignIns } from "../session/pending-sign-in";
import { recordWrongPassword } from "../session/prove";
import { hasLink, type LinkOwner, ownerOfLink, sendMailLink, useUpLink } from "./mail-links";
import { hashPassword, verifyPassword } from "./password-hash";
import { newPasswordSchema, requireStrongReplacement } from "./password-strength";
import { dropPlanted } from "./register";

/**
 * Replaces a password in the transaction of the change: ends the user's sessions, sign-ins that wait for their
 * second step and links that could replace it or the address, and tells by mail.
 *
 * @param except the session that stays, if one does
 */
async function setPassword(
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

const schema = z.object({ current: credentialsSchema.shape.password, password: newPasswordSchema });

/**
 * Replaces the actor's password and ends their other sessions. The current one is always asked for, however
 * fresh the last proof is: a browser left open must not become somebody else's. Tries count with the session's
 * proofs.
 *
 * @throws Refusal `limited` (with retryAfter), or `invalid` (current: required, password_wrong; password)
 */
export async function changePassword(
  actor: Actor,
  input: { current: string; password: string },
): Promise<void> {
  authorize(actor, "self.change");
  const { current, password } = parse(schema, input);
  await limitProof(actor.sessionId, "password");
  const user = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
  const right = await verifyPassword(user.passwordHash, couldBePassword(current) ? current : "");
  if (!right) {
    await recordWrongPassword(actor);
    throw invalidField("current", "password_wrong");
  }
  await settleProof(actor.sessionId);
  await requireStrongReplacement(password, actor);
  const passwordHash = await hashPassword(password);
  await changeSelf(actor, async (tx) => {
    // Of two changes at once the second one no longer knows the password.
    const unchanged = await tx.user.count({ where: { id: user.id, passwordHash: user.passwordHash } });
    if (unchanged === 0) throw new Refusal("conflict");
    await setPassword(tx, actor, passwordHash, actor, actor.sessionId);
    return {
      result: undefined,
      event: {
        action: "password.changed",
        targetType: "user",
        targetId: actor.userId,
        targetLabel: actor.email,
      },
    };
  });
}

const requestPasswordResetSchema = z.object({ email: credentialsSchema.shape.email });

/**
 * Sends a link to set a new password, if the address has a user. It answers the same after the same time
 * whether it has or not, also when too many were asked for: then nothing more is sent while the newest link counts.
 *
 * @throws Refusal `mail_off`, `limited` (too many from this client address), or `invalid` (email: required)
 */
export async function requestPasswordReset(input: { email: string }, origin: Origin): Promise<void> {
  const { email } = parse(requestPasswordResetSchema, input);
  if (!sendsMail()) throw new Refusal("mail_off");
  await limitLinks(origin.address);
  await evenly(async () => {
    const tooMany = await isResetLimited(email);
    // NUL is the one character PostgreSQL cannot look for.
    const user = await db.user.findUnique({ where: { email: email.replaceAll("\0", "") } });
    if (!user) return;
    const owner = { userId: user.id, email: user.email };
    // Whoever asks on behalf of somebody else must not leave them without a link that counts.
    if (tooMany && (await hasLink("reset_password", owner))) return;
    await changePerson({ ...owner, ...origin }, async (tx) => {
      await sendMailLink(tx, "reset_password", owner, {});
      const event = { action: "password.reset_requested", targetType: "user", targetId: user.id } as const;
      return { result: undefined, event: { ...event, targetLabel: user.email } };
    });
  });
}

const resetPasswordSchema = z.object({ token: z.string(), password: newPasswordSchema });

/**
 * Sets a new password with a link sent by mail and ends every session of the user. It signs nobody in: a second
 * step stays as it is, except where the address was never confirmed. Then whoever registered it may have been somebody
 * else, and what they set up ends. A password that is refused leaves the link as it was.
 *
 * @throws Refusal `link_invalid`, `limited` (with retryAfter), or `invalid` (password)
 */
export async function resetPassword(
  input: { token: string; password: string },
  origin: Origin,
): Promise<void> {
  const { token, password } = parse(resetPasswordSchema, input);
  await limitLinks(origin.address);
  // Before hashing, so that an invented link costs nothing; used up for good in the transaction.
  const owner = await ownerOfLink("reset_password", token);
  await requireStrongReplacement(password, owner);
  const passwordHash = await hashPassword(password);
  await changePerson({ ...owner, ...origin }, async (tx) => {
    await useUpLink(tx, "reset_password", token);
    await setPassword(tx, owner, passwordHash, origin);
    // Who opened the link reads the mail of this address.
    const first = await tx.user.updateMany({
      where: { id: owner.userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: new Date() },
    });
    const dropped = first.count > 0 ? await dropPlanted(tx, owner, origin) : 0;
    return {
      result: undefined,
      event: {
        action: "password.reset",
        targetType: "user",
        targetId: owner.userId,
        targetLabel: owner.email,
        details: dropped > 0 ? { by: "first_proof", count: dropped } : {},
      },
    };
  });
  await vouchByMailbox(owner.userId, deviceKey(origin));
}
