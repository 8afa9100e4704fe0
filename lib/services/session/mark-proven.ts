import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { type Change, change } from "../change";

/** What someone proved with who they are. */
export type ProofWay = "password" | "totp" | "recovery_code" | "passkey";

/**
 * Notes in the session that its person has just proved who they are, once `check` says with what.
 *
 * @throws Refusal `unauthenticated` when the session is over, or what `check` refuses with
 */
export function markProven(actor: Actor, check: (change: Change) => Promise<ProofWay>): Promise<void> {
  return change(actor, "self.change", async (open) => {
    const by = await check(open);
    const { count } = await open.tx.session.updateMany({
      where: { id: actor.sessionId, accountId: actor.accountId, revokedAt: null },
      data: { provenAt: new Date() },
    });
    if (count === 0) throw new Refusal("unauthenticated");
    return {
      result: undefined,
      event: {
        action: "session.proved",
        targetType: "session",
        targetId: actor.sessionId,
        details: { by },
      },
      altersDecision: false,
    };
  });
}
