import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { SessionView } from "@/lib/domain/session";
import { authorize } from "../authorize";
import { liveAt } from "./live";

/** The actor's own live sessions, in whichever account: the current one first, then by last use. */
export async function listSessions(actor: Actor): Promise<SessionView[]> {
  authorize(actor, "account.read");
  const rows = await db.session.findMany({
    where: { userId: actor.userId, ...liveAt(new Date()) },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
    select: { id: true, address: true, userAgent: true, createdAt: true, lastSeenAt: true },
  });
  const views = rows.map((row) => ({ ...row, current: row.id === actor.sessionId }));
  return views.sort((a, b) => Number(b.current) - Number(a.current));
}
