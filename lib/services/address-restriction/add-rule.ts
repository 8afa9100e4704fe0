import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { noteMaxLength, readRule } from "@/lib/domain/address-rule";
import type { AddedRules } from "@/lib/domain/address-view";
import { invalidField } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { freeText } from "../name-schema";
import { parse, refuse } from "../parse";
import { addressEvent, changeAddresses } from "./change-addresses";
import { insertRules } from "./insert-rules";

const schema = z.object({
  address: z.string().transform((text, context) => {
    const rule = readRule(text);
    if (rule.ok) return rule.cidr;
    refuse(context, rule.code, "params" in rule ? rule.params : undefined);
    return "";
  }),
  note: freeText(noteMaxLength),
});

/**
 * Adds one address or range to the list. It only ever lets more callers in, so nobody is asked about it.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (address: required, address_invalid,
 *   address_host_bits, address_zone, address_listed, addresses_too_many; note: too_long)
 */
export async function addAddressRule(
  actor: Actor,
  input: { address: string; note: string },
): Promise<AddedRules> {
  authorize(actor, "address.change");
  const { address: cidr, note } = parse(schema, input);
  return changeAddresses(actor, async ({ tx, account }, rules) => {
    if (rules.some((rule) => rule.cidr === cidr)) {
      throw invalidField("address", "address_listed", { address: cidr });
    }
    const result = await insertRules(tx, account.id, rules, [{ cidr, note }], "address");
    return { result, event: addressEvent("address.added", { cidr }), altersDecision: true };
  });
}
