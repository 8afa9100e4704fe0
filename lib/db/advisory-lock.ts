import type { Transaction } from "./transaction";

/** Locks of the whole installation, by name. The numbers only have to differ. */
const locks = { registration: 7_315_001 } as const;

/** Waits for a lock that every process of this installation shares; it is held until the transaction ends. */
export async function holdLock(tx: Transaction, name: keyof typeof locks): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${locks[name]}::bigint)`;
}
