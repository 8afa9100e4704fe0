import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { contains, mostAddressRules, readRule, readRuleLines } from "@/lib/domain/address-rule";
import type { AddedRules, AddressRuleView } from "@/lib/domain/address-view";
import { noteMaxLength } from "@/lib/domain/address-view";
import { invalidField } from "@/lib/domain/errors";
import { seenText } from "@/lib/domain/seen-text";
import { consent, freeText, refuse } from "../parse";
import { type Change, changeUseCase } from "../use-case";
import { addressEvent, findRule, guardLockOut, storedRules } from "./list";

/** Overlaps that are named; more would not be read. */
const mostOverlaps = 3;

/** An entry to be added. */
interface NewRule {
  readonly cidr: string;
  readonly note: string;
}

function overlapsOf(added: readonly NewRule[], rules: readonly AddressRuleView[]): AddedRules["overlaps"] {
  const found: { cidr: string; inside: boolean; other: string }[] = [];
  for (const { cidr } of added) {
    for (const { cidr: other } of rules) {
      if (found.length === mostOverlaps) return found;
      if (contains(other, cidr)) found.push({ cidr, inside: true, other });
      else if (contains(cidr, other)) found.push({ cidr, inside: false, other });
    }
  }
  return found;
}

/**
 * Adds entries, without those that are on the list already, and says which overlap with older ones.
 *
 * @param field what is wrong when the list would grow too long
 * @throws Refusal `invalid` (field: addresses_too_many)
 */
async function insertRules(
  tx: Pick<Transaction, "addressRule">,
  accountId: string,
  rules: readonly AddressRuleView[],
  wanted: readonly NewRule[],
  field: string,
): Promise<AddedRules> {
  const listed = new Set(rules.map(({ cidr }) => cidr));
  const fresh = new Map<string, NewRule>();
  for (const rule of wanted) {
    if (!listed.has(rule.cidr) && !fresh.has(rule.cidr)) fresh.set(rule.cidr, rule);
  }
  const added = [...fresh.values()];
  if (rules.length + added.length > mostAddressRules) {
    throw invalidField(field, "addresses_too_many", { max: mostAddressRules, listed: rules.length });
  }
  await tx.addressRule.createMany({ data: added.map((rule) => ({ ...rule, accountId })) });
  return {
    added: added.map(({ cidr }) => cidr),
    known: wanted.length - added.length,
    overlaps: overlapsOf(added, rules),
  };
}

const note = freeText(noteMaxLength);

async function addOne({ tx, account }: Change, rule: NewRule) {
  const { cidr } = rule;
  const rules = await storedRules(tx, account.id);
  if (rules.some((each) => each.cidr === cidr)) {
    throw invalidField("address", "address_listed", { address: cidr });
  }
  const result = await insertRules(tx, account.id, rules, [rule], "address");
  return { result, event: addressEvent("address.added", { cidr }) };
}

/**
 * Adds one address or range to the list. It only ever lets more callers in, so nobody is asked about it.
 *
 * @throws Refusal `invalid` (address: required, address_invalid, address_host_bits, address_zone,
 *   address_listed, addresses_too_many; note: too_long)
 */
export const addAddressRule = changeUseCase({
  permission: "address.change",
  altersDecision: true,
  input: z.object({
    address: z.string().transform((text, context) => {
      const rule = readRule(text);
      if (rule.ok) return rule.cidr;
      refuse(context, rule.code, "params" in rule ? rule.params : undefined);
      return "";
    }),
    note,
  }),
  run: (change, { address: cidr, note }) => addOne(change, { cidr, note }),
});

/**
 * Adds the address that the actor comes from, as Latchkey sees it through the trusted proxies.
 *
 * @throws Refusal `invalid` (address: address_unknown when nobody trustworthy named one, address_listed,
 *   addresses_too_many; note: too_long)
 */
export const addCurrentAddress = changeUseCase({
  permission: "address.change",
  altersDecision: true,
  input: z.object({ note }),
  run: async (change, { note }) => {
    const rule = readRule(change.actor.address);
    if (!rule.ok) throw invalidField("address", "address_unknown");
    return addOne(change, { cidr: rule.cidr, note });
  },
});

/** Characters that the longest list may have, comments and all. */
const textMaxLength = 200_000;

/** A list as text; each wrong line is refused by its number. */
const linesSchema = z.string().transform((text, context) => {
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
});

/**
 * Adds many addresses and ranges at once, one a line, each with its note: all of them, or none when a line
 * cannot be read. What is on the list already is passed over and counted.
 *
 * @throws Refusal `invalid` (text: required, addresses_too_many, too_long; text.7: what is wrong with the
 *   seventh line)
 */
export const addAddressLines = changeUseCase({
  permission: "address.change",
  altersDecision: true,
  input: z.object({ text: linesSchema }),
  run: async ({ tx, account }, { text: wanted }) => {
    const rules = await storedRules(tx, account.id);
    const result = await insertRules(tx, account.id, rules, wanted, "text");
    const [first, ...more] = result.added;
    if (first === undefined) return { result, event: null };
    const event =
      more.length === 0
        ? addressEvent("address.added", { cidr: first })
        : addressEvent("address.added_many", null, { count: result.added.length });
    return { result, event };
  },
});

/**
 * Changes the note of an entry. No decision depends on it.
 *
 * @throws Refusal `not_found`, or `invalid` (note: too_long)
 */
export const noteAddressRule = changeUseCase({
  permission: "address.change",
  altersDecision: false,
  input: z.object({ ruleId: z.string(), note }),
  run: async ({ tx, account }, { ruleId, note }) => {
    const rule = findRule(await storedRules(tx, account.id), ruleId);
    if (rule.note === note) return { result: undefined, event: null };
    await tx.addressRule.update({ where: { id: rule.id, accountId: account.id }, data: { note } });
    return { result: undefined, event: addressEvent("address.noted", rule) };
  },
});

/**
 * Takes an entry off the list. While the list is enforced, the last one stays, and the account's name has to
 * be typed as `confirmation` when that would lock out a caller, or may.
 *
 * @throws Refusal `not_found`, or `invalid` (ruleId: address_last; confirmation: required, name_mismatch, callers_changed)
 */
export const removeAddressRule = changeUseCase({
  permission: "address.change",
  altersDecision: true,
  input: z.object({ ruleId: z.string(), ...consent }),
  run: async (change, { ruleId, confirmation: typed, named }) => {
    const { tx, account } = change;
    const rules = await storedRules(tx, account.id);
    const rule = findRule(rules, ruleId);
    if (account.addressMode === "enforce") {
      const rest = rules.filter(({ id }) => id !== rule.id);
      if (rest.length === 0) throw invalidField("ruleId", "address_last");
      await guardLockOut(change, rules, rest, { typed, named });
    }
    await tx.addressRule.delete({ where: { id: rule.id, accountId: account.id } });
    return { result: undefined, event: addressEvent("address.removed", rule) };
  },
});
