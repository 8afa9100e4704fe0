import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { db } from "@/lib/db/client";
import { inAccountTransaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";

const patienceMs = 10_000;

/** How many connections wait for a lock. Never asked in a transaction, where the answer would stay the same. */
export async function waitingForLocks(): Promise<number> {
  const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
    SELECT count(*) AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return Number(row?.waiting ?? 0);
}

/** Several calls that all wait for the account's row before the first one gets it. */
export async function atOnce<T>(
  actor: Pick<Actor, "accountId">,
  call: (position: number) => Promise<T>,
  times = 5,
): Promise<PromiseSettledResult<T>[]> {
  const clicks: Promise<T>[] = [];
  // The clicks are not part of the transaction that holds them up.
  const outside = AsyncLocalStorage.snapshot();
  let settled = 0;
  await inAccountTransaction(actor.accountId, async () => {
    for (let position = 0; position < times; position++) {
      const click = outside(call, position);
      click.catch(() => {}).finally(() => settled++);
      clicks.push(click);
    }
    const end = Date.now() + patienceMs;
    while ((await outside(waitingForLocks)) + settled < times && Date.now() < end) await pause(10);
  });
  return Promise.allSettled(clicks);
}
