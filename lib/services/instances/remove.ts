import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { typedNameSchema } from "../name-schema";
import { parse } from "../parse";
import { requireTypedName } from "../typed-name";
import { instanceEvent } from "./event";
import { findInstance } from "./find";

const schema = z.object({ instanceId: z.string(), confirmName: typedNameSchema });

/**
 * Removes an instance for good. Its URL answers 404 from then on.
 *
 * @param input `confirmName`: the instance's name, typed by the person who removes it
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (confirmName: name_mismatch)
 */
export async function removeInstance(
  actor: Actor,
  input: { instanceId: string; confirmName: string },
): Promise<void> {
  authorize(actor, "instance.delete");
  const { instanceId, confirmName } = parse(schema, input);
  await change(actor, "instance.delete", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    requireTypedName(instance, confirmName, "confirmName");
    await tx.instance.delete({ where: { id: instance.id, accountId: account.id } });
    return { result: undefined, event: instanceEvent("instance.deleted", instance), altersDecision: true };
  });
}
