import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { isDismissed } from "@/lib/domain/preflight";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { callerEvent, findCaller } from "./find-caller";

const schema = z.object({ callerId: z.string() });

/**
 * Takes back that a caller is gone.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export async function restoreCaller(actor: Actor, input: { callerId: string }): Promise<void> {
  authorize(actor, "caller.change");
  const { callerId } = parse(schema, input);
  await change(actor, "caller.change", async ({ tx, account }) => {
    const caller = await findCaller(tx, account.id, callerId);
    if (!isDismissed(caller)) return { result: undefined, event: null, altersDecision: false };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data: { dismissedAt: null } });
    return { result: undefined, event: callerEvent("caller.restored", caller), altersDecision: false };
  });
}
