import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Origin, Person } from "@/lib/domain/actor";
import { liveAt } from "./live";

const sessionIdSchema = z.uuid();

/**
 * The person of a session, also of one that is in no account: theirs was deleted, or they were removed from
 * it. null when the session is unknown, revoked or over.
 */
export async function resolvePerson(sessionId: string, origin: Origin): Promise<Person | null> {
  if (!sessionIdSchema.safeParse(sessionId).success) return null;
  const session = await db.session.findFirst({
    where: { id: sessionId, ...liveAt(new Date()) },
    select: { userId: true, provenAt: true, user: { select: { email: true } } },
  });
  if (!session) return null;
  const { userId, provenAt, user } = session;
  return { ...origin, userId, email: user.email, sessionId, provenAt };
}
