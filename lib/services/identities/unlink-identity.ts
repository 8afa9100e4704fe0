import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { parse } from "../parse";
import { requireProof } from "../session/require-proof";
import { providerOf } from "./provider-of";

const schema = z.object({ identityId: z.string() });

/**
 * Unlinks a sign-in of the actor's own: it signs nobody in from now on. Everyone has a password, so it is never
 * the last way in.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `not_found` when it is none of theirs
 */
export async function unlinkIdentity(actor: Actor, input: { identityId: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { identityId } = parse(schema, input);
  if (!z.uuid().safeParse(identityId).success) throw new Refusal("not_found");
  await changeSelf(actor, async (tx) => {
    const own = { id: identityId, userId: actor.userId };
    const identity = await tx.identity.findFirst({ where: own, select: { issuer: true, email: true } });
    if (!identity) throw new Refusal("not_found");
    await tx.identity.deleteMany({ where: own });
    await queueNotice(tx, "second_factor_removed", actor.email, { factor: "provider" }, actor);
    return {
      result: undefined,
      event: {
        action: "identity.unlinked",
        targetType: "user",
        targetLabel: identity.email,
        details: { to: providerOf(identity.issuer) },
      },
    };
  });
}
