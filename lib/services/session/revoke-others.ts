import type { Actor } from "@/lib/domain/actor";
import { change } from "../change";
import { liveAt } from "./live";

/** Ends all the actor's sessions in this account but the current one. Returns how many. */
export function revokeOtherSessions(actor: Actor): Promise<number> {
  return change(actor, "account.read", async ({ tx }) => {
    const now = new Date();
    const { count } = await tx.session.updateMany({
      where: {
        userId: actor.userId,
        accountId: actor.accountId,
        id: { not: actor.sessionId },
        ...liveAt(now),
      },
      data: { revokedAt: now },
    });
    return {
      result: count,
      event: count > 0 ? { action: "session.revoked", targetType: "session", details: { count } } : null,
      altersDecision: false,
    };
  });
}
