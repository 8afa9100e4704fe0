import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor, Person } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { memberEvent } from "../members/find";
import { optionalNameSchema, parse } from "../parse";

/** The person's own name, or null when they have given none. */
export async function readOwnName({ userId }: Pick<Person, "userId">): Promise<string | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { name: true } });
  return user?.name ?? null;
}

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
