import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { ProviderIdentity, SignOnProblem } from "@/lib/domain/single-sign-on";
import { authorize } from "../authorize";
import { markProven } from "../session/mark-proven";
import { secondFactorsOf } from "../session/second-factors";
import { providerOf } from "./provider-of";

/** Whether the actor could prove who they are at the configured provider: a sign-in there is linked to them. */
export async function canProveAtProvider(actor: Actor): Promise<boolean> {
  authorize(actor, "self.change");
  const { singleSignOn } = config();
  if (!singleSignOn) return false;
  const issuer = singleSignOn.issuer.replace(/\/$/, "");
  return (await db.identity.count({ where: { userId: actor.userId, issuer } })) > 0;
}

/**
 * Proves again who acts, by the word of a provider that was checked already: that this very person signed in there
 * since we asked. For those with a second factor the provider must have asked for several factors then. What proves
 * nothing goes into the trail.
 *
 * @returns why it proves nothing; null when it does
 * @throws Refusal `forbidden`, `unauthenticated` when the session is over
 */
export async function proveWithIdentity(
  actor: Actor,
  { issuer, subject, presentAt, severalFactors }: ProviderIdentity,
): Promise<SignOnProblem | null> {
  authorize(actor, "self.change");
  let problem: SignOnProblem | null = null;
  await markProven(actor, "provider", async ({ tx }) => {
    const linked = await tx.identity.count({ where: { issuer, subject, userId: actor.userId } });
    const two = (await secondFactorsOf(tx, actor.userId)).length > 0;
    if (linked === 0) problem = "proof_other";
    else if (!presentAt) problem = "proof_silent";
    else if (two && !severalFactors) problem = "proof_second";
    if (problem !== null || !presentAt) return null;
    return { way: "provider", at: presentAt, to: providerOf(issuer) };
  });
  return problem;
}
