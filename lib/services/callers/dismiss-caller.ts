import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { isDismissed } from "@/lib/domain/preflight";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { callerEvent, findCaller } from "./find-caller";

const schema = z.object({ callerId: z.string(), lastSeenAt: z.date() });

/**
 * Takes a caller for gone: it counts no more, until it calls again.
 *
 * @param input `lastSeenAt`: when it was last heard, as the person saw it. A call that came in since is news
 *   to them, so the caller stays.
 * @returns `calledAgain`: such a call came in, and nothing was changed
 * @throws Refusal `forbidden`, `not_found`, `invalid`
 */
export async function dismissCaller(
  actor: Actor,
  input: { callerId: string; lastSeenAt: Date },
): Promise<{ calledAgain: boolean }> {
  authorize(actor, "caller.change");
  const { callerId, lastSeenAt } = parse(schema, input);
  return change(actor, "caller.change", async ({ tx, account }) => {
    const caller = await findCaller(tx, account.id, callerId);
    const calledAgain = !isDismissed(caller) && caller.lastSeenAt > lastSeenAt;
    const result = { calledAgain };
    if (calledAgain || isDismissed(caller)) return { result, event: null, altersDecision: false };
    const data = { dismissedAt: caller.lastSeenAt };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data });
    return { result, event: callerEvent("caller.dismissed", caller), altersDecision: false };
  });
}
