import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { can, type Permission } from "@/lib/domain/permissions";

/**
 * The first line of every use case.
 *
 * @throws Refusal `forbidden` when the actor's role may not do this
 */
export function authorize(actor: Actor, permission: Permission): void {
  if (!can(actor.role, permission)) throw new Refusal("forbidden");
}
