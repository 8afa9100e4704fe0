import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import {
  contains,
  mostAddressRules,
  noteMaxLength,
  readRule,
  readRuleLines,
} from "@/lib/domain/address-rule";
import type { AddedRules } from "@/lib/domain/address-view";
import { invalidField } from "@/lib/domain/errors";
import { seenText } from "@/lib/domain/seen-text";
import { authorize } from "../authorize";
import { freeText, parse, refuse, typedNameSchema } from "../parse";
import { addressEvent, changeAddresses, findRule, type StoredRule } from "./change-addresses";
import { forecastLockOut, requireConfirmation } from "./mode";

/** Overlaps that are told; more would not be read. */
const toldOverlaps = 3;

/** An entry to be added. */
interface NewRule {
  readonly cidr: string;
  readonly note: string;
}

function overlapsOf(added: readonly NewRule[], rules: readonly StoredRule[]): AddedRules["overlaps"] {
  const found: { cidr: string; inside: boolean; other: string }[] = [];
  for (const { cidr } of added) {
    for (const { cidr: other } of rules) {
      if (found.length === toldOverlaps) return found;
      if (contains(other, cidr)) found.push({ cidr, inside: true, other });
      else if (contains(cidr, other)) found.push({ cidr, inside: false, other });
    }
  }
  return found;
}

/**
 * Adds entries, without those that are on the list already, and tells which overlap with older ones.
 *
 * @param field what is wrong when the list would grow too long
 * @throws Refusal `invalid` (field: addresses_too_many)
 */
async function insertRules(
  tx: Pick<Transaction, "addressRule">,
  accountId: string,
  rules: readonly StoredRule[],
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

/** Characters that the longest list may have, comments and all. */
const textMaxLength = 200_000;

const addLinesSchema = z.object({
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
  const { text: wanted } = parse(addLinesSchema, input);
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

const noteRuleSchema = z.object({ ruleId: z.string(), note: freeText(noteMaxLength) });

/**
 * Changes the note of an entry. No decision depends on it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (note: too_long)
 */
export async function noteAddressRule(actor: Actor, input: { ruleId: string; note: string }): Promise<void> {
  authorize(actor, "address.change");
  const { ruleId, note } = parse(noteRuleSchema, input);
  await changeAddresses(actor, async ({ tx, account }, rules) => {
    const rule = findRule(rules, ruleId);
    if (rule.note === note) return { result: undefined, event: null, altersDecision: false };
    await tx.addressRule.update({ where: { id: rule.id, accountId: account.id }, data: { note } });
    return { result: undefined, event: addressEvent("address.noted", rule), altersDecision: false };
  });
}

const removeRuleSchema = z.object({ ruleId: z.string(), confirmation: typedNameSchema });

/**
 * Takes an entry off the list. While the list is enforced, the last one stays, and the account's name has to
 * be typed when that would lock out a caller seen in the last 7 days.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (ruleId: address_last;
 *   confirmation: required, name_mismatch)
 */
export async function removeAddressRule(
  actor: Actor,
  input: { ruleId: string; confirmation?: string },
): Promise<void> {
  authorize(actor, "address.change");
  const { ruleId, confirmation } = parse(removeRuleSchema, input);
  await changeAddresses(actor, async ({ tx, account }, rules) => {
    const rule = findRule(rules, ruleId);
    if (account.addressMode === "enforce") {
      const rest = rules.filter(({ id }) => id !== rule.id);
      if (rest.length === 0) throw invalidField("ruleId", "address_last");
      requireConfirmation(await forecastLockOut(tx, account.id, rules, rest), account, confirmation);
    }
    await tx.addressRule.delete({ where: { id: rule.id, accountId: account.id } });
    return { result: undefined, event: addressEvent("address.removed", rule), altersDecision: true };
  });
}
