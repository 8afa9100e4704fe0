import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { parse } from "../parse";
import { liveAt } from "./live";
import { requireProof } from "./require-proof";

const schema = z.object({ sessionId: z.string() });

/**
 * Ends one of the actor's own sessions at once, in whichever account.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `not_found` when it is none of theirs, or over already
 */
export async function revokeSession(actor: Actor, input: { sessionId: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { sessionId } = parse(schema, input);
  if (!z.uuid().safeParse(sessionId).success) throw new Refusal("not_found");
  const own = { id: sessionId, userId: actor.userId };
  await changeSelf(actor, async (tx) => {
    const now = new Date();
    const session = await tx.session.findFirst({ where: { ...own, ...liveAt(now) } });
    if (!session) throw new Refusal("not_found");
    await tx.session.updateMany({ where: own, data: { revokedAt: now } });
    return {
      result: undefined,
      event: {
        action: "session.revoked",
        targetType: "session",
        targetId: sessionId,
        targetLabel: session.address,
        details: { count: 1 },
      },
    };
  });
}
