import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";

/** For how many days callers and traffic of the account are kept. */
export async function readRetention(actor: Actor): Promise<number> {
  authorize(actor, "account.read");
  const where = { id: actor.accountId };
  return (await db.account.findUniqueOrThrow({ where, select: { trafficDays: true } })).trafficDays;
}
