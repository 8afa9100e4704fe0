import type { StoredInstance, Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { instanceIdPattern } from "@/lib/domain/instance-token";

/**
 * The account's instance of this id.
 *
 * @throws Refusal `not_found`, the same for an id that does not exist and for one of another account
 */
export async function findInstance(
  tx: Pick<Transaction, "instance">,
  accountId: string,
  instanceId: string,
): Promise<StoredInstance> {
  const wellFormed = instanceIdPattern.test(instanceId);
  const found = wellFormed ? await tx.instance.findFirst({ where: { id: instanceId, accountId } }) : null;
  if (!found) throw new Refusal("not_found");
  return found;
}
