import type { Transaction } from "@/lib/db/transaction";

/** Leaves no instance chosen. */
export async function forgetChosen(tx: Pick<Transaction, "instance">, accountId: string): Promise<void> {
  await tx.instance.updateMany({ where: { accountId, enforced: true }, data: { enforced: false } });
}
