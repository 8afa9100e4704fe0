import { readCallers } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import { compileAddressList } from "@/lib/domain/address-list";
import type { AddressRuleView } from "@/lib/domain/address-view";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { fateOfAddresses, fatesOf } from "@/lib/domain/consequence";
import { Refusal } from "@/lib/domain/errors";
import type { AuditRecord } from "../audit/append";
import { type CallerFates, type Consent, requireNameToBreak } from "../callers/consequence";
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
export async function fatesOfAddresses(
  tx: Transaction | null,
  accountId: string,
  before: Rules | null,
  after: Rules,
  now: Date,
): Promise<CallerFates> {
  const compile = (rules: Rules) => compileAddressList(rules.map(({ cidr }) => cidr));
  const [old, list] = [before && compile(before), compile(after)];
  const callers = (await readCallers(accountId, tx)).map((caller) => ({ caller }));
  return fatesOf(callers, ({ caller }) => fateOfAddresses(caller, old, list, now));
}

/**
 * Guards what locks callers out: the account's name has to be typed when somebody would be, or may be, as callers are at this
 * moment, whatever a page showed.
 *
 * @throws Refusal `invalid` (confirmation: required, name_mismatch, callers_changed)
 */
export async function guardLockOut(
  { tx, account }: Change,
  before: Rules | null,
  after: Rules,
  given: Consent,
): Promise<void> {
  requireNameToBreak(await fatesOfAddresses(tx, account.id, before, after, new Date()), account, given);
}

/** An audit record about one entry of the list, or about the whole list. */
export function addressEvent(
  action: AuditAction,
  rule: { readonly id?: string; readonly cidr: string } | null,
  details?: AuditDetails,
): AuditRecord {
  return { action, targetType: "address", targetId: rule?.id, targetLabel: rule?.cidr, details };
}
