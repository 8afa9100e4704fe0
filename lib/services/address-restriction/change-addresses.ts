import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { AuditRecord } from "../audit/append";
import { type Change, change, type Outcome } from "../change";

/** One entry of the list as stored. */
export interface StoredRule {
  readonly id: string;
  readonly cidr: string;
  readonly note: string;
  readonly createdAt: Date;
}

/** The account's list, newest first. */
export function storedRules(
  tx: Pick<Transaction, "addressRule">,
  accountId: string,
): Promise<readonly StoredRule[]> {
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
export function findRule(rules: readonly StoredRule[], ruleId: string): StoredRule {
  const found = rules.find(({ id }) => id === ruleId);
  if (!found) throw new Refusal("not_found");
  return found;
}

/**
 * One change of the address list or its mode. Hands the list over as it is under the account's lock.
 *
 * @throws Refusal `forbidden`, `proof_required`, or what `work` refuses with
 */
export function changeAddresses<T>(
  actor: Actor,
  work: (change: Change, rules: readonly StoredRule[]) => Promise<Outcome<T>>,
): Promise<T> {
  return change(actor, "address.change", async (open) => {
    return work(open, await storedRules(open.tx, open.account.id));
  });
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
