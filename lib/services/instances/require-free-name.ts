import type { Transaction } from "@/lib/db/transaction";
import { invalidField } from "@/lib/domain/errors";
import { seenKey, shownName } from "@/lib/domain/seen-text";

/**
 * Makes sure that no other instance of the account has a name that looks like this one, whatever its case: names are what people
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
  const others = await tx.instance.findMany({
    where: { accountId, id: { not: exceptId } },
    select: { name: true },
  });
  const key = (text: string) => seenKey(shownName(text)).toLowerCase();
  const wanted = key(name);
  if (others.some((other) => key(other.name) === wanted)) throw invalidField("name", "name_taken");
}
