import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";

/** Whether someone can register now: as the first, because it is open, or not. */
export type RegistrationState = "first" | "open" | "closed";

/** The state as this transaction sees it. */
export async function registrationStateIn(tx: Pick<Transaction, "account">): Promise<RegistrationState> {
  const someone = await tx.account.findFirst({ select: { id: true } });
  return someone ? config().registration : "first";
}

/** Whether someone can register now. Needs no actor: the register page asks before anyone is signed in. */
export function registrationState(): Promise<RegistrationState> {
  return registrationStateIn(db);
}
