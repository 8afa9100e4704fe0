import { db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import {
  type Assertion,
  type AssertionOptions,
  assertionOptions,
  spendAssertion,
} from "../passkeys/assertion";
import { limitUnguessable, settleUnguessable } from "./login-limit";
import type { SignedIn } from "./session";
import { completeSignIn, holdSignInAccount, recordAttempt } from "./sign-in";

const purposeOf = (browser: string) => ({ act: "sign_in", subject: browser }) as const;

/**
 * Asks whoever is there for any passkey of theirs.
 *
 * @param browser a secret of this browser's cookie: the answer counts only together with it
 */
export function startPasskeySignIn(browser: string, site: PasskeySite): Promise<AssertionOptions> {
  return assertionOptions(purposeOf(browser), site);
}

/**
 * Signs in with a passkey and nothing else. Its holder was checked by the authenticator, so it counts as both
 * steps. Whatever is wrong gets one answer.
 *
 * @throws Refusal `passkey_unknown`, or `limited` (with retryAfter)
 */
export async function signInWithPasskey(
  browser: string,
  assertion: Assertion,
  site: PasskeySite,
  origin: Origin,
): Promise<SignedIn> {
  await limitUnguessable(origin.address);
  const known = await passkeyOf(assertion);
  const signedIn = await inTransaction(async (tx) => {
    if (known) await holdSignInAccount(tx, known.userId);
    const expected = { purpose: purposeOf(browser), site };
    const used = await spendAssertion(tx, assertion, expected, new Date());
    if (!used) return null;
    const { email } = await tx.user.findUniqueOrThrow({
      where: { id: used.userId },
      select: { email: true },
    });
    return completeSignIn(tx, { userId: used.userId, email }, origin, {
      way: "passkey_only",
      details: { from: used.name },
    });
  });
  if (!signedIn) {
    await recordRefused(known, origin);
    throw new Refusal("passkey_unknown");
  }
  await settleUnguessable(origin.address);
  return signedIn;
}

/** The passkey that an answer names, whatever that is worth. */
async function passkeyOf(assertion: Assertion) {
  if (typeof assertion?.id !== "string") return null;
  return db.passkey.findUnique({
    where: { credentialId: assertion.id.replaceAll("\0", "") },
    select: { name: true, userId: true, user: { select: { email: true } } },
  });
}

/** A passkey that is known but was not accepted is news to its owner. */
async function recordRefused(passkey: Awaited<ReturnType<typeof passkeyOf>>, origin: Origin): Promise<void> {
  if (!passkey) return;
  const { userId, user, name } = passkey;
  const event = { action: "session.passkey_refused", targetLabel: name } as const;
  await inTransaction((tx) => recordAttempt(tx, { userId, email: user.email }, origin, event));
}
