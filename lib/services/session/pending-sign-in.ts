import { randomBytes } from "node:crypto";
import { pendingSignInDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { secondStepSeconds, secondStepTries } from "@/lib/domain/second-factor";

/** Somebody in the middle of a sign-in, whose first step went well. */
export interface SigningIn {
  readonly userId: string;
  readonly email: string;
  /** Name of the provider whose word was the first step, when it was not the password. */
  readonly provider?: string | null;
  /** When they were present at that provider, if it says so. */
  readonly presentAt?: Date | null;
}

const digestOf = (secret: string) => new Uint8Array(pendingSignInDigest(secret));

/** The row of a secret, as long as its sign-in waits. */
const waiting = (secret: string) => ({
  digest: { in: pendingSignInDigest.each(secret) },
  expiresAt: { gt: new Date() },
  tries: { lt: secondStepTries },
});

/**
 * Remembers that the first step of this user's sign-in went well.
 *
 * @returns the secret that the browser brings back in a cookie; it opens nothing but the second step
 */
export async function beginSecondStep(
  tx: Transaction,
  { userId, provider = null, presentAt = null }: Omit<SigningIn, "email">,
): Promise<string> {
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + secondStepSeconds * 1000);
  const secret = randomBytes(32).toString("base64url");
  await tx.pendingSignIn.deleteMany({ where: { expiresAt: { lte: createdAt } } });
  await tx.pendingSignIn.create({
    data: { digest: digestOf(secret), userId, provider, presentAt, createdAt, expiresAt },
  });
  return secret;
}

/** Whose sign-in waits under this secret, or null: unknown, too old, tried too often, or done. */
export async function pendingUser(secret: string): Promise<SigningIn | null> {
  if (secret.length > 100) return null;
  const row = await db.pendingSignIn.findFirst({
    where: waiting(secret),
    select: { userId: true, provider: true, presentAt: true, user: { select: { email: true } } },
  });
  if (!row) return null;
  const { user, ...rest } = row;
  return { ...rest, email: user.email };
}

/**
 * Counts one try and holds the row until the transaction ends, so that tries come one after the other.
 *
 * @returns how many are left after this one; null when the sign-in no longer waits
 */
export async function countTry(tx: Transaction, secret: string): Promise<number | null> {
  const [row] = await tx.pendingSignIn.updateManyAndReturn({
    where: waiting(secret),
    data: { tries: { increment: 1 } },
    select: { tries: true },
  });
  return row ? secondStepTries - row.tries : null;
}

/** The sign-in is done: its secret is worth nothing from now on. */
export async function endSecondStep(tx: Transaction, secret: string): Promise<void> {
  await tx.pendingSignIn.deleteMany({ where: { digest: { in: pendingSignInDigest.each(secret) } } });
}

/** Ends every sign-in of the user that waits. To be called wherever the password changes. */
export async function forgetPendingSignIns(tx: Transaction, userId: string): Promise<void> {
  await tx.pendingSignIn.deleteMany({ where: { userId } });
}
