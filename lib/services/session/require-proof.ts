import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { Permission } from "@/lib/domain/permissions";
import { needsProof } from "@/lib/domain/proof";
import { isProofFresh } from "@/lib/domain/session";

/**
 * Guards what may be done only soon after a proof of who acts. `change()` calls it for every change.
 *
 * @throws Refusal `proof_required` when this asks for a proof and the actor's last one is too old
 */
export function requireProof(actor: Actor, permission: Permission): void {
  if (needsProof(permission) && !isProofFresh(actor.provenAt, new Date()))
    throw new Refusal("proof_required");
}
