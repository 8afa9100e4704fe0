import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { noteMaxLength } from "@/lib/domain/address-rule";
import { authorize } from "../authorize";
import { freeText } from "../name-schema";
import { parse } from "../parse";
import { addressEvent, changeAddresses, findRule } from "./change-addresses";

const schema = z.object({ ruleId: z.string(), note: freeText(noteMaxLength) });

/**
 * Changes the note of an entry. No decision depends on it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (note: too_long)
 */
export async function noteAddressRule(actor: Actor, input: { ruleId: string; note: string }): Promise<void> {
  authorize(actor, "address.change");
  const { ruleId, note } = parse(schema, input);
  await changeAddresses(actor, async ({ tx, account }, rules) => {
    const rule = findRule(rules, ruleId);
    if (rule.note === note) return { result: undefined, event: null, altersDecision: false };
    await tx.addressRule.update({ where: { id: rule.id, accountId: account.id }, data: { note } });
    return { result: undefined, event: addressEvent("address.noted", rule), altersDecision: false };
  });
}
