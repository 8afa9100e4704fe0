import { Refusal } from "@/lib/domain/errors";
import type { Account, Instance, Prisma, Service } from "@/prisma/generated/client";
import { db } from "./client";
import { inTransactionScope, pool } from "./pool";

/** A Prisma client inside one transaction. */
export type Transaction = Prisma.TransactionClient;

/** Runs a statement on the transaction's own connection, or without one on any. */
export async function rowsOf<R extends object>(
  tx: Pick<Transaction, "$queryRawUnsafe"> | null,
  statement: string,
  values: readonly unknown[],
): Promise<R[]> {
  if (tx) return tx.$queryRawUnsafe<R[]>(statement, ...values);
  return (await pool().query<R>(statement, [...values])).rows;
}

/** One row of the instance table, sealed secrets and all. */
export type StoredInstance = Instance;

/** One row of the service table, its sealed headers too. */
export type StoredService = Service;

/** One row of the account table. */
export type StoredAccount = Account;

/** Time to wait for a connection and to finish, in milliseconds. */
const limits = { maxWait: 10_000, timeout: 15_000 };

/** What is to happen after each transaction that is under way. */
const afterwards = new WeakMap<Transaction, (() => void)[]>();

/**
 * Has `work` done once, right after `tx` is committed, in the order of the calls; never when it is rolled
 * back, nor when the connection breaks before the database has confirmed. What it throws is nobody's failure.
 *
 * @throws TypeError for a transaction that `inTransaction` did not begin
 */
export function afterCommit(tx: Transaction, work: () => void): void {
  const waiting = afterwards.get(tx);
  if (!waiting) throw new TypeError("afterCommit: not a transaction of inTransaction");
  waiting.push(work);
}

/**
 * Runs `work` in one transaction, of 15 seconds at most unless said otherwise: all of it is kept, or nothing when it throws. Whatever it reads or writes goes
 * through `tx`: the pool gives it no second connection.
 */
export async function inTransaction<T>(
  work: (tx: Transaction) => Promise<T>,
  timeout: number = limits.timeout,
): Promise<T> {
  const waiting: (() => void)[] = [];
  const result = await db.$transaction(
    (tx) => {
      afterwards.set(tx, waiting);
      return inTransactionScope(() => work(tx));
    },
    { ...limits, timeout },
  );
  for (const each of waiting) {
    try {
      each();
    } catch {
      // What is committed has happened.
    }
  }
  return result;
}

/**
 * Holds the account's row until the transaction ends. Comes before anything that touches a person's row, or only
 * refers to it by a foreign key: whoever changes a person holds their accounts first and the person last.
 */
export async function holdAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM "Account" WHERE "id" = ${accountId}::uuid FOR UPDATE`;
}

/**
 * Runs `work` in one transaction that holds the account's row from the start, so that changes of one
 * account happen one after the other and see each other's outcome.
 *
 * @throws Refusal `not_found` when the account does not exist
 */
export function inAccountTransaction<T>(
  accountId: string,
  work: (tx: Transaction, account: StoredAccount) => Promise<T>,
  timeout?: number,
): Promise<T> {
  return inTransaction(async (tx) => {
    await holdAccount(tx, accountId);
    const account = await tx.account.findUnique({ where: { id: accountId } });
    if (!account) throw new Refusal("not_found");
    return work(tx, account);
  }, timeout);
}

/**
 * Holds the rows of a person and of all accounts they are a member of, until the transaction ends. Accounts first and
 * in one order: two such changes never wait for each other.
 *
 * @returns the ids of the accounts
 */
export async function holdPerson(tx: Transaction, userId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Account"
    WHERE "id" IN (SELECT "accountId" FROM "Membership" WHERE "userId" = ${userId}::uuid)
    ORDER BY "id" FOR UPDATE`;
  await tx.$executeRaw`SELECT 1 FROM "User" WHERE "id" = ${userId}::uuid FOR NO KEY UPDATE`;
  return rows.map(({ id }) => id);
}

/** Locks of the whole installation, by name. The numbers only have to differ. */
const locks = { registration: 7_315_001 } as const;

/** Waits for a lock that every process of this installation shares; it is held until the transaction ends. */
export async function holdLock(tx: Transaction, name: keyof typeof locks): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${locks[name]}::bigint)`;
}
