import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { instanceEvent } from "./event";
import { findInstance } from "./find";
import { openInstanceToken } from "./secrets";

const schema = z.object({ instanceId: z.string() });

/**
 * Shows an instance's token. Asks for a fresh proof of who acts, and leaves an event.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`
 */
export async function revealInstanceToken(
  actor: Actor,
  input: { instanceId: string },
): Promise<{ token: string }> {
  authorize(actor, "instance.reveal");
  const { instanceId } = parse(schema, input);
  return change(actor, "instance.reveal", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    const token = openInstanceToken(instance.id, instance.tokenSealed);
    const event = instanceEvent("instance.token_revealed", instance);
    return { result: { token }, event, altersDecision: false };
  });
}
