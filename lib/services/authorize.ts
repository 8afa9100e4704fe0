import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { can, type Permission } from "@/lib/domain/permissions";

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
