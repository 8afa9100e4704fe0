import type { Actor } from "@/lib/domain/actor";
import type { AddressMode } from "@/lib/domain/address-mode";
import { takeStep } from "./step";

/**
 * Takes the list out of use; its entries stay.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not being observed
 */
export function stopObservingAddresses(actor: Actor): Promise<{ mode: AddressMode }> {
  return takeStep(actor, "stop_observing");
}
