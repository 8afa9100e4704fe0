import { type CallerRow, readCallers } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import { compileAddressList } from "@/lib/domain/address-list";
import {
  type AddressForecast,
  type AddressRuleView,
  forecastAddresses,
  locksOut,
} from "@/lib/domain/address-view";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { AuditRecord } from "../audit/append";
import { requireTypedName } from "../parse";
import type { Change } from "../use-case";

type Rules = readonly AddressRuleView[];

/** The account's list, newest first, as it is under the account's lock. */
export function storedRules(tx: Transaction, accountId: string): Promise<Rules> {
  return tx.addressRule.findMany({
    where: { accountId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: { id: true, cidr: true, note: true, createdAt: true },
  });
}

/**
 * The entry of this id, out of the account's own.
 *
 * @throws Refusal `not_found`, the same for an id that does not exist and for one of another account
 */
export function findRule(rules: Rules, ruleId: string): AddressRuleView {
  const found = rules.find(({ id }) => id === ruleId);
  if (!found) throw new Refusal("not_found");
  return found;
}

/** Who would newly be rejected when a list is enforced instead of another; `before` null: none is enforced. */
export async function forecastLockOut(
  tx: Transaction | null,
  accountId: string,
  before: Rules | null,
  after: Rules,
): Promise<AddressForecast<CallerRow>> {
  const compile = (rules: Rules) => compileAddressList(rules.map(({ cidr }) => cidr));
  const callers = await readCallers(accountId, tx);
  return forecastAddresses(callers, before && compile(before), compile(after), new Date());
}

/**
 * Guards what may lock out a caller that is in use: the account's name has to be typed, as callers are at
 * this moment, whatever a page showed.
 *
 * @throws Refusal `invalid` (confirmation: required, name_mismatch)
 */
export async function guardLockOut(
  { tx, account }: Change,
  before: Rules | null,
  after: Rules,
  confirmation: string,
): Promise<void> {
  const forecast = await forecastLockOut(tx, account.id, before, after);
  if (locksOut(forecast)) requireTypedName(account, confirmation);
}

/** An audit record about one entry of the list, or about the whole list. */
export function addressEvent(
  action: AuditAction,
  rule: { readonly id?: string; readonly cidr: string } | null,
  details?: AuditDetails,
): AuditRecord {
  return {
    action,
    targetType: "address",
    ...(rule && { targetLabel: rule.cidr }),
    ...(rule?.id && { targetId: rule.id }),
    ...(details && { details }),
  };
}
