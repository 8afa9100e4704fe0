import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { isProofFresh } from "@/lib/domain/session";

/**
 * Guards what may be done only soon after a proof of who acts. `change()` calls it for every permission that
 * asks for one.
 *
 * @throws Refusal `proof_required` when the actor's last proof is too old
 */
export function requireProof(actor: Actor): void {
  if (!isProofFresh(actor.provenAt, new Date())) throw new Refusal("proof_required");
}
