import { db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import { appendAudit } from "../audit/append";
import {
  type Assertion,
  type AssertionOptions,
  assertionOptions,
  spendAssertion,
} from "../passkeys/assertion";
import { limitUnguessable, settleUnguessable } from "./login-limit";
import { pendingUser } from "./pending-sign-in";
import { finishSecondStep } from "./second-step";
import type { SignedIn } from "./session";
import { completeSignIn } from "./sign-in";
import { signInAccount } from "./sign-in-account";

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
  const signedIn = await inTransaction(async (tx) => {
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
    await recordRefused(assertion, origin);
    throw new Refusal("passkey_unknown");
  }
  await settleUnguessable(origin.address);
  return signedIn;
}

/** A passkey that is known but was not accepted is news to its owner. */
async function recordRefused(assertion: Assertion, origin: Origin): Promise<void> {
  if (typeof assertion?.id !== "string") return;
  const passkey = await db.passkey.findUnique({
    where: { credentialId: assertion.id.replaceAll("\0", "") },
    select: { name: true, userId: true, user: { select: { email: true } } },
  });
  if (!passkey) return;
  await inTransaction(async (tx) => {
    const accountId = await signInAccount(tx, passkey.userId);
    if (!accountId) return;
    await appendAudit(tx, {
      ...origin,
      accountId,
      actorUserId: null,
      actorLabel: passkey.user.email,
      action: "session.passkey_refused",
      targetType: "session",
      targetLabel: passkey.name,
    });
  });
}

const finishWithPasskeyPurposeOf = (pending: string) => ({ act: "second_step", subject: pending }) as const;

/**
 * Asks for a passkey of the person whose sign-in waits.
 *
 * @param pending the secret of the browser's cookie
 * @throws Refusal `second_step_over` when the sign-in waits no longer
 */
export async function startPasskeyStep(pending: string, site: PasskeySite): Promise<AssertionOptions> {
  const person = await pendingUser(pending);
  if (!person) throw new Refusal("second_step_over");
  return assertionOptions(finishWithPasskeyPurposeOf(pending), site, person.userId);
}

/**
 * The second step of a sign-in with a passkey.
 *
 * @throws Refusal as `finishSecondStep`
 */
export function finishWithPasskey(
  pending: string,
  assertion: Assertion,
  site: PasskeySite,
  origin: Origin,
): Promise<SignedIn> {
  return finishSecondStep(pending, origin, false, async (tx, { userId }, now) => {
    const expected = { purpose: finishWithPasskeyPurposeOf(pending), site, userId };
    return (await spendAssertion(tx, assertion, expected, now)) ? "passkey" : null;
  });
}
