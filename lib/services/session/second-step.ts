import { z } from "zod";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import { readRecoveryCode, type SecondStepWay } from "@/lib/domain/second-factor";
import { parse } from "../parse";
import {
  type Assertion,
  type AssertionOptions,
  assertionOptions,
  spendAssertion,
} from "../passkeys/assertion";
import { spendRecoveryCode } from "../two-step/recovery-codes";
import { countRecoveryCodes, secondStepWaysOf } from "../two-step/second-factors";
import { codeSchema, spendTotpCode } from "../two-step/totp";
import {
  limitSecondStep,
  limitUnguessable,
  settleLogin,
  settleSecondStep,
  settleUnguessable,
} from "./login-limit";
import { countTry, endSecondStep, pendingUser, type SigningIn } from "./pending-sign-in";
import { knownDevice, type SignedIn } from "./session";
import { completeSignIn, holdSignInAccount, recordAttempt, recordLimited } from "./sign-in";

/**
 * What the page of the second step needs to know, or null when no sign-in waits under this secret.
 *
 * @param pending the secret of the browser's cookie
 */
export async function readSecondStep(
  pending: string,
): Promise<{ readonly email: string; readonly ways: readonly SecondStepWay[] } | null> {
  const person = await pendingUser(pending);
  return person && { email: person.email, ways: await secondStepWaysOf(person.userId) };
}

/**
 * The second step of a sign-in with a code, from the authenticator app or a recovery code. A wrong, an old and
 * a used code get one answer.
 *
 * @param pending the secret of the browser's cookie
 * @throws Refusal `second_step_failed`; `second_step_over` when the sign-in waits no longer: the password is
 *   needed again; `limited` (with retryAfter), or `invalid` (code: required)
 */
export async function finishWithCode(
  pending: string,
  input: { code: string },
  origin: Origin,
): Promise<SignedIn> {
  const { code } = parse(z.object({ code: codeSchema }), input);
  const guessable = readRecoveryCode(code) === null;
  return finishSecondStep(pending, origin, guessable, async (tx, { userId, email }, now) => {
    if (await spendTotpCode(tx, { userId, active: true }, code, now)) return "totp";
    const person = { ...origin, userId, email };
    return (await spendRecoveryCode(tx, person, code, now)) ? "recovery_code" : null;
  });
}

const purposeOf = (pending: string) => ({ act: "second_step", subject: pending }) as const;

/**
 * Asks for a passkey of the person whose sign-in waits.
 *
 * @param pending the secret of the browser's cookie
 * @throws Refusal `second_step_over` when the sign-in waits no longer
 */
export async function startPasskeyStep(pending: string, site: PasskeySite): Promise<AssertionOptions> {
  const person = await pendingUser(pending);
  if (!person) throw new Refusal("second_step_over");
  return assertionOptions(purposeOf(pending), site, person.userId);
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
    const expected = { purpose: purposeOf(pending), site, userId };
    return (await spendAssertion(tx, assertion, expected, now)) ? "passkey" : null;
  });
}

/**
 * The second step in any way: counts the try, looks at what was brought, and makes the session, in one
 * transaction. The pending sign-in ends with it; the session has an id of its own.
 *
 * @param check says the way it was, or null when what was brought proves nothing
 * @param guessable whether what was brought could be guessed: then it counts with the tries at this person
 * @throws Refusal as `finishWithCode`
 */
async function finishSecondStep(
  pending: string,
  origin: Origin,
  guessable: boolean,
  check: (tx: Transaction, person: SigningIn, now: Date) => Promise<SecondStepWay | null>,
): Promise<SignedIn> {
  const person = await pendingUser(pending);
  if (!person) throw new Refusal("second_step_over");
  const device = await knownDevice(person.userId, origin);
  const counted = guessable
    ? limitSecondStep(person, origin.address, device)
    : limitUnguessable(origin.address);
  await counted.catch((error) => recordLimited(error, person.email, origin));
  const outcome = await inTransaction(async (tx) => {
    await holdSignInAccount(tx, person.userId);
    const left = await countTry(tx, pending);
    if (left === null) return "second_step_over";
    const way = await check(tx, person, new Date());
    if (!way) {
      const details = person.provider ? { via: "provider", to: person.provider } : {};
      await recordAttempt(tx, person, origin, { action: "session.second_step_failed", details });
      return left > 0 ? "second_step_failed" : "second_step_over";
    }
    await endSecondStep(tx, pending);
    if (way !== "recovery_code") return completeSignIn(tx, person, origin, { way });
    const count = await countRecoveryCodes(tx, person.userId);
    return completeSignIn(tx, person, origin, { way, details: { count } });
  });
  // Thrown out here, so that the counted try is kept.
  if (typeof outcome === "string") throw new Refusal(outcome);
  if (guessable) {
    await settleSecondStep(person, origin.address, device);
  } else {
    await settleUnguessable(origin.address);
    await settleLogin(person.email, origin.address, device);
  }
  return outcome;
}
