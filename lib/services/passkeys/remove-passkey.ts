import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { parse } from "../parse";
import { requireProof } from "../session/require-proof";
import { settleRemoval } from "../two-step/factor-count";
import { findPasskey } from "./find";

const schema = z.object({ passkeyId: z.string() });

/**
 * Removes a passkey: its signatures are worth nothing from now on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `two_step_last` when it is the last second
 *   factor and an account requires one
 */
export async function removePasskey(actor: Actor, input: { passkeyId: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { passkeyId } = parse(schema, input);
  await changeSelf(actor, async (tx) => {
    const passkey = await findPasskey(tx, actor.userId, passkeyId);
    await tx.passkey.delete({ where: { id: passkey.id, userId: actor.userId } });
    await settleRemoval(tx, actor.userId);
    await queueNotice(tx, "second_factor_removed", actor.email, { factor: "passkey" }, actor);
    return {
      result: undefined,
      event: { action: "passkey.removed", targetType: "user", targetLabel: passkey.name },
    };
  });
}
