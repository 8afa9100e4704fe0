import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { nameSchema } from "../name-schema";
import { parse } from "../parse";
import { findPasskey } from "./find";

const schema = z.object({ passkeyId: z.string(), name: nameSchema });

/**
 * Gives a passkey another name. It is only what its owner calls it, so no proof is asked for.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (name)
 */
export async function renamePasskey(actor: Actor, input: { passkeyId: string; name: string }): Promise<void> {
  authorize(actor, "self.change");
  const { passkeyId, name } = parse(schema, input);
  await changeSelf(actor, async (tx) => {
    const passkey = await findPasskey(tx, actor.userId, passkeyId);
    if (passkey.name === name) return { result: undefined, event: null };
    await tx.passkey.update({ where: { id: passkey.id, userId: actor.userId }, data: { name } });
    const details = { from: passkey.name };
    return {
      result: undefined,
      event: { action: "passkey.renamed", targetType: "user", targetLabel: name, details },
    };
  });
}
