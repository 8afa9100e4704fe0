import type { Actor } from "@/lib/domain/actor";
import { change } from "../change";

/** Ends the actor's own session at once. Safe to call twice. */
export function signOut(actor: Actor): Promise<void> {
  return change(actor, "self.change", async ({ tx }) => {
    const { count } = await tx.session.updateMany({
      where: { id: actor.sessionId, accountId: actor.accountId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return {
      result: undefined,
      event:
        count > 0 ? { action: "session.signed_out", targetType: "session", targetId: actor.sessionId } : null,
      altersDecision: false,
    };
  });
}
