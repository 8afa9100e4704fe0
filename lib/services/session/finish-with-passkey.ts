import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import {
  type Assertion,
  type AssertionOptions,
  assertionOptions,
  spendAssertion,
} from "../passkeys/assertion";
import type { SignedIn } from "./new-session";
import { pendingUser } from "./pending-sign-in";
import { finishSecondStep } from "./second-step";

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
