import type { Transaction } from "@/lib/db/transaction";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";

/** Deletes a user's sessions that ended so long ago that nobody asks for them; the audit trail keeps the story. */
export async function forgetEndedSessions(tx: Transaction, userId: string): Promise<void> {
  const longAgo = new Date(Date.now() - sessionAbsoluteSeconds * 1000);
  await tx.session.deleteMany({
    where: { userId, OR: [{ expiresAt: { lt: longAgo } }, { revokedAt: { lt: longAgo } }] },
  });
}
