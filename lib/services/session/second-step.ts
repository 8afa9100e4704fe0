import { z } from "zod";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { readRecoveryCode, type SecondStepWay } from "@/lib/domain/second-factor";
import { appendAudit } from "../audit/append";
import { parse, refuse } from "../parse";
import { spendRecoveryCode } from "../two-step/recovery-codes";
import { countRecoveryCodes, secondStepWaysOf } from "../two-step/second-factors";
import { spendTotpCode } from "../two-step/totp";
import {
  limitSecondStep,
  limitUnguessable,
  recordLimited,
  settleLogin,
  settleSecondStep,
  settleUnguessable,
} from "./login-limit";
import { knownDevice } from "./new-device";
import { countTry, endSecondStep, pendingUser } from "./pending-sign-in";
import type { SignedIn } from "./session";
import { completeSignIn, type Person } from "./sign-in";
import { signInAccount } from "./sign-in-account";

const schema = z.object({
  code: z.string().superRefine((text, context) => {
    if (text.trim() === "") refuse(context, "required");
  }),
});

/** What a second step says about what was brought: the way it was, or null when it proves nothing. */
type SecondStepCheck = (tx: Transaction, person: Person, now: Date) => Promise<SecondStepWay | null>;

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
  const { code } = parse(schema, input);
  const guessable = readRecoveryCode(code) === null;
  return finishSecondStep(pending, origin, guessable, async (tx, { userId, email }, now) => {
    if (await spendTotpCode(tx, { userId, active: true }, code, now)) return "totp";
    const person = { ...origin, userId, email };
    return (await spendRecoveryCode(tx, person, code, now)) ? "recovery_code" : null;
  });
}

/**
 * The second step in any way: counts the try, looks at what was brought, and makes the session, in one
 * transaction. The pending sign-in ends with it; the session has an id of its own.
 *
 * @param guessable whether what was brought could be guessed: then it counts with the tries at this person
 * @throws Refusal as `finishWithCode`
 */
export async function finishSecondStep(
  pending: string,
  origin: Origin,
  guessable: boolean,
  check: SecondStepCheck,
): Promise<SignedIn> {
  const person = await pendingUser(pending);
  if (!person) throw new Refusal("second_step_over");
  const device = await knownDevice(person.userId, origin);
  const counted = guessable
    ? limitSecondStep(person, origin.address, device)
    : limitUnguessable(origin.address);
  await counted.catch((error) => recordLimited(error, person.email, origin));
  const outcome = await inTransaction(async (tx) => {
    const left = await countTry(tx, pending);
    if (left === null) return "second_step_over";
    const way = await check(tx, person, new Date());
    if (!way) {
      await recordFailure(tx, person, origin);
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

async function recordFailure(
  tx: Transaction,
  { userId, email, provider }: Person,
  origin: Origin,
): Promise<void> {
  const accountId = await signInAccount(tx, userId);
  if (!accountId) return;
  await appendAudit(tx, {
    ...origin,
    accountId,
    actorUserId: null,
    actorLabel: email,
    action: "session.second_step_failed",
    targetType: "session",
    details: provider ? { via: "provider", to: provider } : {},
  });
}
