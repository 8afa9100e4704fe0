import { db } from "@/lib/db/client";
import type { Person } from "@/lib/domain/actor";

/** Ends the session of someone who is in no account, where no trail could record it. Safe to call twice. */
export async function endOwnSession(person: Pick<Person, "sessionId" | "userId">): Promise<void> {
  await db.session.updateMany({
    where: { id: person.sessionId, userId: person.userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
}
