import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { liveAt } from "../session/live";

/** Whether the actor's session still counts, and is still one of a member. Does not count as a use of it. */
export async function isSessionLive({
  sessionId,
  accountId,
}: Pick<Actor, "sessionId" | "accountId">): Promise<boolean> {
  const user = { memberships: { some: { accountId } } };
  const found = await db.session.findFirst({
    where: { id: sessionId, accountId, ...liveAt(new Date()), user },
    select: { id: true },
  });
  return found !== null;
}
