import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";

/** The actions of an account's audit trail, oldest first, without sign-ins. */
export async function trail(actor: Pick<Actor, "accountId">): Promise<string[]> {
  const rows = await db.auditEvent.findMany({
    where: { accountId: actor.accountId },
    orderBy: { seq: "asc" },
    select: { action: true },
  });
  return rows.map((row) => row.action).filter((action) => action !== "session.signed_in");
}

/** The account's epoch now. */
export async function epochOf(actor: Pick<Actor, "accountId">): Promise<bigint> {
  const account = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  return account.epoch;
}
