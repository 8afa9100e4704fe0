import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { nameSchema } from "../name-schema";
import { parse } from "../parse";
import { instanceEvent } from "./event";
import { findInstance } from "./find";
import { requireFreeName } from "./require-free-name";

const schema = z.object({ instanceId: z.string(), name: nameSchema });

/**
 * Gives an instance another name. Callers notice nothing.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (name)
 */
export async function renameInstance(
  actor: Actor,
  input: { instanceId: string; name: string },
): Promise<void> {
  authorize(actor, "instance.change");
  const { instanceId, name } = parse(schema, input);
  await change(actor, "instance.change", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (instance.name === name) return { result: undefined, event: null, altersDecision: false };
    await requireFreeName(tx, account.id, name, instance.id);
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: { name } });
    const details = { from: instance.name, to: name };
    const event = instanceEvent("instance.renamed", { id: instance.id, name }, details);
    return { result: undefined, event, altersDecision: false };
  });
}
