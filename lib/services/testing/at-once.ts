import { setTimeout as pause } from "node:timers/promises";
import { inAccountTransaction, type Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";

const patienceMs = 10_000;

/** How many connections to this database wait for a lock that somebody else holds. */
async function waitingForLocks(tx: Transaction): Promise<number> {
  const [row] = await tx.$queryRaw<{ waiting: bigint }[]>`
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
  let settled = 0;
  await inAccountTransaction(actor.accountId, async (tx) => {
    for (let position = 0; position < times; position++) {
      const click = call(position);
      click.catch(() => {}).finally(() => settled++);
      clicks.push(click);
    }
    const end = Date.now() + patienceMs;
    while ((await waitingForLocks(tx)) + settled < times && Date.now() < end) await pause(10);
  });
  return Promise.allSettled(clicks);
}
