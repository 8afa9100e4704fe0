import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { can, type Permission } from "@/lib/domain/permissions";
import { isProofFresh } from "@/lib/domain/session";

/**
 * The first line of every use case.
 *
 * @throws Refusal `forbidden` when the actor's role may not do this; `two_step_required` when the account
 *   requires two-step sign-in and the actor has yet to set it up
 */
export function authorize(actor: Actor, permission: Permission): void {
  if (!can(actor.role, permission)) throw new Refusal("forbidden", { permission });
  if (actor.twoStepMissing && permission !== "self.change") throw new Refusal("two_step_required");
}

/**
 * Guards what may be done only soon after a proof of who acts. `change()` calls it for every permission that
 * asks for one.
 *
 * @throws Refusal `proof_required` when the actor's last proof is too old
 */
export function requireProof(actor: Actor): void {
  if (!isProofFresh(actor.provenAt, new Date())) throw new Refusal("proof_required");
}
