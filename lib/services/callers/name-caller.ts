import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { optionalNameSchema } from "../name-schema";
import { parse } from "../parse";
import { callerEvent, callerLabel, findCaller } from "./find-caller";

const schema = z.object({
  callerId: z.string(),
  name: optionalNameSchema,
});

/**
 * Gives a caller a name that people know it by; an empty one takes the name away.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (name)
 */
export async function nameCaller(actor: Actor, input: { callerId: string; name: string }): Promise<void> {
  authorize(actor, "caller.change");
  const { callerId, name } = parse(schema, input);
  await change(actor, "caller.change", async ({ tx, account }) => {
    const caller = await findCaller(tx, account.id, callerId);
    if (caller.name === name) return { result: undefined, event: null, altersDecision: false };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data: { name } });
    const event = callerEvent("caller.named", { ...caller, name }, { from: callerLabel(caller) });
    return { result: undefined, event, altersDecision: false };
  });
}
