import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { instanceEvent } from "./event";
import { findInstance } from "./find";

const schema = z.object({ instanceId: z.string() });

/** Pauses or resumes; an instance that is so already stays so, and nothing is recorded. */
export async function setPaused(actor: Actor, input: { instanceId: string }, paused: boolean): Promise<void> {
  authorize(actor, "instance.change");
  const { instanceId } = parse(schema, input);
  await change(actor, "instance.change", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if ((instance.pausedAt !== null) === paused) {
      return { result: undefined, event: null, altersDecision: false };
    }
    await tx.instance.update({
      where: { id: instance.id, accountId: account.id },
      data: { pausedAt: paused ? new Date() : null },
    });
    const event = instanceEvent(paused ? "instance.paused" : "instance.resumed", instance);
    return { result: undefined, event, altersDecision: true };
  });
}
