import type { Actor } from "@/lib/domain/actor";
import { readRule } from "@/lib/domain/address-rule";
import type { AddedRules } from "@/lib/domain/address-view";
import { invalidField } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { addAddressRule } from "./add-rule";

/**
 * Adds the address that the actor comes from, as Latchkey sees it through the trusted proxies.
 *
 * @throws Refusal as `addAddressRule`, and `invalid` (address: address_unknown) when nobody trustworthy
 *   named one
 */
export async function addCurrentAddress(actor: Actor, input: { note: string }): Promise<AddedRules> {
  authorize(actor, "address.change");
  const { address } = actor;
  if (!readRule(address).ok) throw invalidField("address", "address_unknown");
  return addAddressRule(actor, { address, note: input.note });
}
