import type { Transaction } from "@/lib/db/transaction";
import { invalidField } from "@/lib/domain/errors";

/**
 * Makes sure that no other instance of the account has this name, whatever its case: names are what people
 * confirm a removal by. Race-free, because every change holds the account's row.
 *
 * @throws Refusal `invalid` (name: name_taken)
 */
export async function requireFreeName(
  tx: Transaction,
  accountId: string,
  name: string,
  exceptId = "",
): Promise<void> {
  const taken = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "Instance"
    WHERE "accountId" = ${accountId}::uuid AND lower("name") = lower(${name}) AND "id" <> ${exceptId} LIMIT 1`;
  if (taken.length > 0) throw invalidField("name", "name_taken");
}
