import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { liveAt } from "./live";
import { requireProof } from "./require-proof";

/**
 * Ends all the actor's sessions but the current one, in whichever account. Returns how many.
 *
 * @throws Refusal `forbidden`, `proof_required`
 */
export async function revokeOtherSessions(actor: Actor): Promise<number> {
  authorize(actor, "self.change");
  requireProof(actor);
  return changeSelf(actor, async (tx) => {
    const now = new Date();
    const { count } = await tx.session.updateMany({
      where: { userId: actor.userId, id: { not: actor.sessionId }, ...liveAt(now) },
      data: { revokedAt: now },
    });
    return {
      result: count,
      event: count > 0 ? { action: "session.revoked", targetType: "session", details: { count } } : null,
    };
  });
}
