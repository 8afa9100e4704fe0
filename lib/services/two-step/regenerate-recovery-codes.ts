import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { requireProof } from "../session/require-proof";
import { secondFactorsOf } from "../session/second-factors";
import { makeRecoveryCodes } from "./recovery-codes";

/**
 * Makes ten new recovery codes; the old ones end.
 *
 * @returns the codes, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, or `conflict` when there is no second factor to recover
 */
export async function regenerateRecoveryCodes(actor: Actor): Promise<{ recoveryCodes: readonly string[] }> {
  authorize(actor, "self.change");
  requireProof(actor);
  return changeSelf(actor, async (tx) => {
    const factors = await secondFactorsOf(tx, actor.userId);
    if (factors.length === 0) throw new Refusal("conflict");
    const recoveryCodes = await makeRecoveryCodes(tx, actor.userId);
    await queueNotice(tx, "second_factor_added", actor.email, { factor: "recovery_codes" }, actor);
    return {
      result: { recoveryCodes },
      event: { action: "two_step.recovery_codes_made", targetType: "user" },
    };
  });
}
