import type { Actor } from "@/lib/domain/actor";
import type { AddressMode } from "@/lib/domain/address-mode";
import { takeStep } from "./step";

/**
 * Watches which callers the list would reject. Every address still gets through.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is watched or enforced already
 */
export function observeAddresses(actor: Actor): Promise<{ mode: AddressMode }> {
  return takeStep(actor, "observe");
}
