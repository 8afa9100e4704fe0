import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { requireProof } from "../session/require-proof";
import { settleRemoval } from "./factor-count";

/**
 * Turns the authenticator app off: its codes are worth nothing from now on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none, or `two_step_last` when it is
 *   the last second factor and an account requires one
 */
export async function removeTotp(actor: Actor): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { userId } = actor;
  await changeSelf(actor, async (tx) => {
    const active = await tx.totp.findFirst({ where: { userId, active: true }, select: { id: true } });
    if (!active) throw new Refusal("conflict");
    await tx.totp.deleteMany({ where: { userId } });
    await settleRemoval(tx, userId);
    await queueNotice(tx, "second_factor_removed", actor.email, { factor: "totp" }, actor);
    return { result: undefined, event: { action: "two_step.totp_removed", targetType: "user" } };
  });
}
