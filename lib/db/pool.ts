import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import { config } from "@/lib/config";
import { ConfigError, settingProblem } from "@/lib/config/values";

/**
 * Nothing waits longer in the database, so that one account that stands still stops no other. A lock is given
 * up first, and a transaction that nobody continues last; times are in milliseconds.
 */
const timeouts = {
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 30_000,
} as const;

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void;

/** What one chain of calls holds while it is inside a transaction. */
const transactionScope = new AsyncLocalStorage<true>();

/**
 * Runs `work`, which holds a connection of the pool. Until it is done, neither it nor anything it calls gets
 * another one: as many callers as the pool has connections, each waiting for a second, would wait for ever.
 */
export function inTransactionScope<T>(work: () => Promise<T>): Promise<T> {
  return transactionScope.run(true, work);
}

class OneConnectionEach extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    if (transactionScope.getStore()) {
      const error = new Error("a second connection was asked for inside a transaction");
      if (!callback) return Promise.reject(error);
      callback(error, undefined, () => {});
    } else if (callback) {
      super.connect(callback);
    } else {
      return super.connect();
    }
    return undefined;
  }
}

// `next dev` reloads modules; the pool must outlive them or connections leak.
const shared = globalThis as typeof globalThis & { latchkeyPool?: pg.Pool };

const { TIMESTAMPTZ } = pg.types.builtins;
const parseAnyZone: (text: string) => Date = pg.types.getTypeParser(TIMESTAMPTZ);

/**
 * A time as the database writes it. Thousands of callers have nine each: in UTC the engine's own parser reads them in half the
 * time. What it cannot read goes to the usual one.
 */
export function parseTime(text: string): Date {
  const time = text.endsWith("+00") ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : null;
  return time === null || Number.isNaN(time.getTime()) ? parseAnyZone(text) : time;
}

function typeParser(type: number, format?: "text" | "binary") {
  if (type === TIMESTAMPTZ && format !== "binary") return parseTime;
  return format === "binary" ? pg.types.getTypeParser(type, format) : pg.types.getTypeParser(type);
}

function createPool(): pg.Pool {
  const { databaseUrl, databaseConnections } = config();
  if (!databaseUrl) throw new ConfigError([settingProblem("DATABASE_URL", "notSet")]);
  const created = new OneConnectionEach({
    connectionString: databaseUrl,
    max: databaseConnections,
    ...timeouts,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: "latchkey",
    types: { getTypeParser: typeParser },
  });
  // An idle connection that breaks is replaced by the next query, which reports what is wrong.
  created.on("error", () => {});
  // One that breaks in the middle of a transaction says so twice: to the query, and to nobody, which would
  // end the process.
  created.on("connect", (client) => client.on("error", () => {}));
  return created;
}

/**
 * Runs a statement that every open page repeats: a connection has the database plan it once.
 *
 * @param name stands for this text alone
 */
export async function queryPrepared<R extends object>(
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  return (await pool().query<R>({ name: `latchkey-${name}`, text, values: [...values] })).rows;
}

/**
 * The one connection pool of this process, made on first use. Inside a transaction it gives nothing.
 *
 * @throws ConfigError without `DATABASE_URL`
 */
export function pool(): pg.Pool {
  shared.latchkeyPool ??= createPool();
  return shared.latchkeyPool;
}
