import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { enrolmentSeconds, type FactorAdded } from "@/lib/domain/second-factor";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { parse, refuse } from "../parse";
import { requireProof } from "../session/require-proof";
import { codesForFirstFactor } from "./factor-count";
import { spendTotpCode } from "./totp-factor";

const schema = z.object({
  enrolmentId: z.uuid(),
  code: z.string().superRefine((text, context) => {
    if (text.trim() === "") refuse(context, "required");
  }),
});

/**
 * Turns the authenticator app on that was being set up, in place of an earlier one. A right code proves that
 * the app knows the seed, and that its clock agrees with ours; that code is used up.
 *
 * @returns recovery codes, when this is the first factor; they can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `invalid` (code: required, code_wrong), or `conflict` when
 *   another attempt has begun since, or this one is too old
 */
export async function confirmTotp(
  actor: Actor,
  input: { enrolmentId: string; code: string },
): Promise<FactorAdded> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { enrolmentId, code } = parse(schema, input);
  const { userId } = actor;
  const now = new Date();
  return changeSelf(actor, async (tx) => {
    if (!(await isOpen(tx, userId, enrolmentId, now))) throw new Refusal("conflict");
    const right = await spendTotpCode(tx, { userId, id: enrolmentId, active: false }, code, now);
    if (!right) throw invalidField("code", "code_wrong");
    const recoveryCodes = await codesForFirstFactor(tx, userId);
    const { count } = await tx.totp.deleteMany({ where: { userId, active: true } });
    await tx.totp.update({
      where: { id: enrolmentId },
      data: { active: true, createdAt: now, lastUsedAt: null },
    });
    await queueNotice(tx, "second_factor_added", actor.email, { factor: "totp" }, actor);
    return {
      result: { recoveryCodes },
      event: { action: count > 0 ? "two_step.totp_replaced" : "two_step.totp_added", targetType: "user" },
    };
  });
}

async function isOpen(tx: Transaction, userId: string, id: string, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - enrolmentSeconds * 1000);
  const found = await tx.totp.count({ where: { id, userId, active: false, createdAt: { gt: since } } });
  return found === 1;
}
