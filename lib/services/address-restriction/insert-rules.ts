import type { Transaction } from "@/lib/db/transaction";
import { contains, mostAddressRules } from "@/lib/domain/address-rule";
import type { AddedRules } from "@/lib/domain/address-view";
import { invalidField } from "@/lib/domain/errors";
import type { StoredRule } from "./change-addresses";

/** Overlaps that are told; more would not be read. */
const toldOverlaps = 3;

/** An entry to be added. */
export interface NewRule {
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
export async function insertRules(
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
