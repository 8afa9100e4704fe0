import type { Actor } from "@/lib/domain/actor";
import type { AddressMode } from "@/lib/domain/address-mode";
import { takeStep } from "./step";

/**
 * Lets every address in again; the list is observed from then on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not enforced
 */
export function stopEnforcingAddresses(actor: Actor): Promise<{ mode: AddressMode }> {
  return takeStep(actor, "stop_enforcing");
}
