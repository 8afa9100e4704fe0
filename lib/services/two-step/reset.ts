import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { normaliseEmail } from "../account/email-address";
import { changePerson, type SelfOutcome } from "../change-self";
import { queueNotice } from "../mail/queue";
import { forgetPendingSignIns } from "../session/pending-sign-in";
import { liveAt } from "../session/session";
import { countRecoveryCodes } from "./second-factors";

/** What an operator's reset took from a person. */
export interface TwoStepReset {
  readonly email: string;
  readonly apps: number;
  readonly passkeys: number;
  /** Unused ones. */
  readonly recoveryCodes: number;
  readonly sessions: number;
}

/** Where an operator acts, as it is written into trails and mails. */
const machine: Origin = { address: "unknown", userAgent: "Latchkey operator" };

/**
 * Removes every second factor and recovery code of someone who has lost theirs, and ends their sessions, so that
 * the password alone signs them in. Each of their accounts gets the event, without an actor, and they are told by
 * mail. Whoever calls this stands at the machine: it asks for no permission and must not be reachable by the web.
 *
 * @returns what was removed; null when nobody has this address
 */
export async function resetTwoStep(email: string): Promise<TwoStepReset | null> {
  const user = await db.user.findUnique({
    where: { email: normaliseEmail(email).replaceAll("\0", "") },
    select: { id: true, email: true },
  });
  if (!user) return null;
  const person = { ...machine, userId: user.id, email: user.email };
  return changePerson(person, (tx) => removeAll(tx, person), { actorUserId: null, actorLabel: "" });
}

async function removeAll(
  tx: Transaction,
  { userId, email }: { readonly userId: string; readonly email: string },
): Promise<SelfOutcome<TwoStepReset>> {
  const where = { userId };
  const apps = await tx.totp.count({ where: { userId, active: true } });
  await tx.totp.deleteMany({ where });
  const { count: passkeys } = await tx.passkey.deleteMany({ where });
  const recoveryCodes = await countRecoveryCodes(tx, userId);
  await tx.recoveryCode.deleteMany({ where });
  await forgetPendingSignIns(tx, userId);
  const now = new Date();
  const { count: sessions } = await tx.session.updateMany({
    where: { userId, ...liveAt(now) },
    data: { revokedAt: now },
  });
  await queueNotice(tx, "second_factor_removed", email, { factor: "all" }, machine);
  const details = { count: apps + passkeys };
  return {
    result: { email, apps, passkeys, recoveryCodes, sessions },
    event: { action: "two_step.reset", targetType: "user", targetLabel: email, details },
  };
}
