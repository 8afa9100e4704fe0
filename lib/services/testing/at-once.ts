import { setTimeout as pause } from "node:timers/promises";
import { inAccountTransaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";

/** Several calls that all wait for the account's row before the first one gets it. */
export async function atOnce<T>(
  actor: Pick<Actor, "accountId">,
  call: (position: number) => Promise<T>,
  times = 5,
): Promise<PromiseSettledResult<T>[]> {
  const clicks: Promise<T>[] = [];
  await inAccountTransaction(actor.accountId, async () => {
    clicks.push(...Array.from({ length: times }, (_, position) => call(position)));
    await pause(150);
  });
  return Promise.allSettled(clicks);
}
