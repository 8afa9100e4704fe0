import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { pool } from "@/lib/db/pool";
import { inTransaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { Permission } from "@/lib/domain/permissions";
import { recordedAs } from "../use-case";
import { appendAudit } from "./append";

/** Events that one person's rejections may add to one account's trail, and in how many seconds. */
export const rejectionLimit = { points: 10, duration: 3600 } as const;

let limiter: RateLimiterPostgres | undefined;

/** The number of this rejection within the hour; null for those beyond the limit. */
async function countOf({ userId, accountId }: Actor): Promise<number | null> {
  limiter ??= new RateLimiterPostgres({
    ...rejectionLimit,
    storeClient: pool(),
    storeType: "pool",
    tableName: "login_limit",
    tableCreated: true,
    keyPrefix: "rejection",
  });
  try {
    return (await limiter.consume(`${accountId}:${userId}`)).consumedPoints;
  } catch (error) {
    if (error instanceof RateLimiterRes) return null;
    throw error;
  }
}

async function record(actor: Actor, permission: Permission): Promise<void> {
  const count = await countOf(actor);
  if (count === null) return;
  await inTransaction((tx) =>
    appendAudit(tx, {
      ...recordedAs(actor),
      accountId: actor.accountId,
      action: "authorization.rejected",
      // The last one of the hour says that more may have come.
      details: { permission, last: count >= rejectionLimit.points },
    }),
  );
}

/**
 * Runs what an actor asked for by hand, and records when their role does not allow it: ten times an hour at
 * most for each person and account, so that nobody can flood the trail.
 *
 * @throws whatever `work` throws
 */
export async function recordingRejections<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && error.permission) await record(actor, error.permission);
    throw error;
  }
}
