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
 *   to them, so it brings the caller back at once.
 * @throws Refusal `forbidden`, `not_found`, `invalid`
 */
export async function dismissCaller(
  actor: Actor,
  input: { callerId: string; lastSeenAt: Date },
): Promise<void> {
  authorize(actor, "caller.change");
  const { callerId, lastSeenAt } = parse(schema, input);
  await change(actor, "caller.change", async ({ tx, account }) => {
    const caller = await findCaller(tx, account.id, callerId);
    const already = isDismissed(caller) || caller.lastSeenAt > lastSeenAt;
    if (already) return { result: undefined, event: null, altersDecision: false };
    const data = { dismissedAt: caller.lastSeenAt };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data });
    return { result: undefined, event: callerEvent("caller.dismissed", caller), altersDecision: false };
  });
}
