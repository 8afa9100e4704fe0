import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { memberEvent } from "../members/event";
import { optionalNameSchema } from "../name-schema";
import { parse } from "../parse";

const schema = z.object({ name: optionalNameSchema });

/**
 * Changes the actor's own name, in all their accounts. An empty one takes it away.
 *
 * @throws Refusal `invalid` (name)
 */
export async function changeOwnName(actor: Actor, input: { name: string }): Promise<void> {
  authorize(actor, "self.change");
  const { name } = parse(schema, input);
  await change(actor, "self.change", async ({ tx }) => {
    const { count } = await tx.user.updateMany({
      where: { id: actor.userId, OR: [{ name: { not: name } }, ...(name === null ? [] : [{ name: null }])] },
      data: { name },
    });
    const event = memberEvent("member.renamed", { id: actor.userId, email: actor.email });
    return { result: undefined, event: count > 0 ? event : null, altersDecision: false };
  });
}
