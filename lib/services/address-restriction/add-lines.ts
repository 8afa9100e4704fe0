import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { mostAddressRules, noteMaxLength, readRule, readRuleLines } from "@/lib/domain/address-rule";
import type { AddedRules } from "@/lib/domain/address-view";
import { seenText } from "@/lib/domain/seen-text";
import { authorize } from "../authorize";
import { parse, refuse } from "../parse";
import { addressEvent, changeAddresses } from "./change-addresses";
import { insertRules, type NewRule } from "./insert-rules";

/** Characters that the longest list may have, comments and all. */
const textMaxLength = 200_000;

const schema = z.object({
  text: z.string().transform((text, context) => {
    if (text.length > textMaxLength) refuse(context, "too_long", { max: textMaxLength });
    const lines = readRuleLines(text.slice(0, textMaxLength));
    if (lines.length === 0) refuse(context, "required");
    // Twice what fits, so that a list with what is known already may be pasted again.
    if (lines.length > 2 * mostAddressRules) refuse(context, "addresses_too_many", { max: mostAddressRules });
    return lines.slice(0, 2 * mostAddressRules).flatMap(({ line, address, note: written }): NewRule[] => {
      const note = seenText(written);
      const rule = readRule(address);
      const path = [String(line)];
      if (!rule.ok) refuse(context, rule.code, "params" in rule ? rule.params : undefined, path);
      else if ([...note].length > noteMaxLength) refuse(context, "too_long", { max: noteMaxLength }, path);
      else return [{ cidr: rule.cidr, note }];
      return [];
    });
  }),
});

/**
 * Adds many addresses and ranges at once, one a line, each with its note: all of them, or none when a line
 * cannot be read. What is on the list already is passed over and counted.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (text: required, addresses_too_many, too_long;
 *   text.7: what is wrong with the seventh line)
 */
export async function addAddressLines(actor: Actor, input: { text: string }): Promise<AddedRules> {
  authorize(actor, "address.change");
  const { text: wanted } = parse(schema, input);
  return changeAddresses(actor, async ({ tx, account }, rules) => {
    const result = await insertRules(tx, account.id, rules, wanted, "text");
    const [first] = result.added;
    if (first === undefined) return { result, event: null, altersDecision: false };
    const count = result.added.length;
    const event =
      count === 1
        ? addressEvent("address.added", { cidr: first })
        : addressEvent("address.added_many", null, { count });
    return { result, event, altersDecision: true };
  });
}
