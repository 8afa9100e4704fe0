import type { StoredInstance, Transaction } from "@/lib/db/transaction";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import { instanceIdPattern } from "@/lib/domain/token-format";
import type { AuditRecord } from "../audit/append";

/** An audit record about an instance. */
export function instanceEvent(
  action: AuditAction,
  { id, name }: { readonly id: string; readonly name: string },
  details?: AuditDetails,
): AuditRecord {
  return { action, targetType: "instance", targetId: id, targetLabel: name, details };
}

/**
 * The account's instance of this id; with a service, only one that is called through that.
 *
 * @throws Refusal `not_found`, the same for an id that does not exist and for one of another account
 */
export async function findInstance(
  tx: Pick<Transaction, "instance">,
  accountId: string,
  instanceId: string,
  serviceId?: string,
): Promise<StoredInstance> {
  const wellFormed = instanceIdPattern.test(instanceId);
  const where = { id: instanceId, accountId, ...(serviceId !== undefined && { serviceId }) };
  const found = wellFormed ? await tx.instance.findFirst({ where }) : null;
  if (!found) throw new Refusal("not_found");
  return found;
}
