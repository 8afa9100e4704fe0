import { randomUUID } from "node:crypto";
import { encode } from "uqr";
import { z } from "zod";
import { boxContext, seal, unseal } from "@/lib/crypto/sealed-box";
import { newTotpSeed, stepOfCode, totpUri } from "@/lib/crypto/totp";
import type { Transaction } from "@/lib/db/transaction";
import { invalidField, Refusal } from "@/lib/domain/errors";
import {
  enrolmentSeconds,
  type FactorAdded,
  openSteps,
  readTotpCode,
  type TotpEnrolment,
} from "@/lib/domain/second-factor";
import { noticeMail } from "../mail/queue";
import { refuse } from "../parse";
import { selfUseCase } from "../use-case";
import { codesForFirstFactor, settleRemoval } from "./recovery-codes";

/** A code as it was typed. Only emptiness is an error of the field. */
export const codeSchema = z.string().superRefine((text, context) => {
  if (text.trim() === "") refuse(context, "required");
});

/**
 * True when this is a code of the app, at this time, that was never accepted before; uses it up. Of two who
 * bring the same code at once one gets true: the row's lock makes the other one see the newer step.
 *
 * @param of the user's active app, or one that is being set up
 */
export async function spendTotpCode(
  tx: Transaction,
  of: { userId: string; active: boolean; id?: string },
  typed: string,
  now: Date,
): Promise<boolean> {
  const code = readTotpCode(typed);
  const totp = code === null ? null : await tx.totp.findFirst({ where: of });
  if (code === null || !totp) return false;
  const seed = unseal(totp.seedSealed, boxContext.totpSeed(totp.id), "totp-seed");
  const step = stepOfCode(seed, code, openSteps(now, totp.lastStep));
  if (step === null) return false;
  const { count } = await tx.totp.updateMany({
    where: { id: totp.id, lastStep: { lt: step } },
    data: { lastStep: step, lastUsedAt: now },
  });
  return count === 1;
}

/** Modules of quiet zone that a scanner needs around the code (ISO/IEC 18004 §9.1). */
const border = 4;

/** Draws text as a QR code: one SVG path over the dark modules, no markup and no style. */
function qrCode(text: string): TotpEnrolment["qr"] {
  const { data, size } = encode(text, { border, ecc: "M" });
  const rows = data.map((row, y) => {
    const bits = row.map((dark) => (dark ? "1" : "0")).join("");
    return [...bits.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`);
  });
  return { size, path: rows.flat().join("") };
}

/**
 * Makes a seed for an authenticator app. Nothing asks for its codes until one of them has confirmed it; an app
 * in use stays in use until then, and an earlier attempt is forgotten.
 *
 * @returns the seed, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`
 */
export const startTotp = selfUseCase({
  proof: true,
  before: async ({ email }) => {
    const [enrolmentId, seed] = [randomUUID(), newTotpSeed()];
    const uri = totpUri(seed, email);
    const key = seed.replace(/(.{4})(?=.)/g, "$1 ");
    const result: TotpEnrolment = { enrolmentId, key, uri, qr: qrCode(uri) };
    return { result, seedSealed: seal(seed, boxContext.totpSeed(enrolmentId), "totp-seed") };
  },
  run: async ({ tx, actor: { userId } }, _none, { result, seedSealed }) => {
    await tx.totp.deleteMany({ where: { userId, active: false } });
    await tx.totp.create({ data: { id: result.enrolmentId, userId, seedSealed } });
    return { result, event: null };
  },
});

/**
 * Turns the authenticator app on that was being set up, in place of an earlier one. A right code proves that
 * the app knows the seed, and that its clock agrees with ours; that code is used up.
 *
 * @returns recovery codes, when this is the first factor; they can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `invalid` (code: required, code_wrong), or `conflict` when
 *   another attempt has begun since, or this one is too old
 */
export const confirmTotp = selfUseCase({
  proof: true,
  input: z.object({ enrolmentId: z.uuid(), code: codeSchema }),
  run: async ({ tx, actor }, { enrolmentId: id, code }) => {
    const { userId, email } = actor;
    const now = new Date();
    const createdAt = { gt: new Date(now.getTime() - enrolmentSeconds * 1000) };
    const open = await tx.totp.count({ where: { id, userId, active: false, createdAt } });
    if (open === 0) throw new Refusal("conflict");
    const right = await spendTotpCode(tx, { userId, id, active: false }, code, now);
    if (!right) throw invalidField("code", "code_wrong");
    const result: FactorAdded = { recoveryCodes: await codesForFirstFactor(tx, userId) };
    const { count } = await tx.totp.deleteMany({ where: { userId, active: true } });
    await tx.totp.update({ where: { id }, data: { active: true, createdAt: now, lastUsedAt: null } });
    return {
      result,
      event: { action: count > 0 ? "two_step.totp_replaced" : "two_step.totp_added", targetType: "user" },
      mails: [noticeMail("second_factor_added", email, { factor: "totp" }, actor)],
    };
  },
});

/**
 * Turns the authenticator app off: its codes are worth nothing from now on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none, or `two_step_last` when it is
 *   the last second factor and an account requires one
 */
export const removeTotp = selfUseCase({
  proof: true,
  run: async ({ tx, actor }) => {
    const { userId, email } = actor;
    const active = await tx.totp.findFirst({ where: { userId, active: true }, select: { id: true } });
    if (!active) throw new Refusal("conflict");
    await tx.totp.deleteMany({ where: { userId } });
    await settleRemoval(tx, userId);
    return {
      result: undefined,
      event: { action: "two_step.totp_removed", targetType: "user" },
      mails: [noticeMail("second_factor_removed", email, { factor: "totp" }, actor)],
    };
  },
});
