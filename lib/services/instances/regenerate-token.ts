import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { instanceEvent } from "./event";
import { findInstance } from "./find";
import { mintInstanceToken } from "./secrets";

const schema = z.object({ instanceId: z.string() });

/**
 * Replaces an instance's token; the old one dies at once. Of two clicks at once one wins, so that the token
 * one person is looking at is never replaced behind their back.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `conflict`
 */
export async function regenerateInstanceToken(
  actor: Actor,
  input: { instanceId: string },
): Promise<{ token: string }> {
  authorize(actor, "instance.regenerate");
  const { instanceId } = parse(schema, input);
  const before = await findInstance(db, actor.accountId, instanceId);
  return change(actor, "instance.regenerate", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (instance.tokenSealed !== before.tokenSealed) throw new Refusal("conflict");
    const { token, stored } = mintInstanceToken(instance.id);
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: stored });
    const event = instanceEvent("instance.token_regenerated", instance);
    return { result: { token }, event, altersDecision: true };
  });
}
