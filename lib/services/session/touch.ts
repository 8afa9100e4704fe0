import { db } from "@/lib/db/client";
import type { Origin } from "@/lib/domain/actor";

/** A session's last use is written at most this often, in milliseconds. */
const seenEvery = 60_000;

/** Notes that a live session is used, and from where. Only what a person does counts, not what a page does. */
export async function touchSession(sessionId: string, origin: Origin): Promise<void> {
  const now = new Date();
  await db.session.updateMany({
    where: { id: sessionId, revokedAt: null, lastSeenAt: { lte: new Date(now.getTime() - seenEvery) } },
    data: { lastSeenAt: now, address: origin.address, userAgent: origin.userAgent },
  });
}
