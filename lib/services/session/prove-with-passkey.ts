import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import { authorize } from "../authorize";
import {
  type Assertion,
  type AssertionOptions,
  assertionOptions,
  spendAssertion,
} from "../passkeys/assertion";
import { limitProof, settleProof } from "./login-limit";
import { markProven } from "./mark-proven";

const purposeOf = (actor: Actor) => ({ act: "prove", subject: actor.sessionId }) as const;

/** Asks for one of the actor's passkeys, to prove again who acts. */
export async function startPasskeyProof(actor: Actor, site: PasskeySite): Promise<AssertionOptions> {
  authorize(actor, "self.change");
  return assertionOptions(purposeOf(actor), site, actor.userId);
}

/**
 * Proves again who acts, by a passkey. Its holder was checked by the authenticator, so it is as much as
 * password and code together.
 *
 * @throws Refusal `passkey_failed`, or `limited` (with retryAfter)
 */
export async function proveWithPasskey(actor: Actor, assertion: Assertion, site: PasskeySite): Promise<void> {
  authorize(actor, "self.change");
  await limitProof(actor.sessionId, "passkey");
  const right = await markProven(actor, "passkey", async ({ tx }) => {
    const expected = { purpose: purposeOf(actor), site, userId: actor.userId };
    return (await spendAssertion(tx, assertion, expected, new Date())) ? "passkey" : null;
  });
  if (!right) throw new Refusal("passkey_failed");
  await settleProof(actor.sessionId);
}
