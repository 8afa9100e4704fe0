import { randomUUID } from "node:crypto";
import { seal, unseal } from "@/lib/crypto/sealed-box";
import { stepOfCode } from "@/lib/crypto/totp";
import type { Transaction } from "@/lib/db/transaction";
import { openSteps, readTotpCode } from "@/lib/domain/totp-code";

const contextOf = (id: string) => `totp:${id}:seed`;

/** Keeps the seed of an app that is being set up, in place of an earlier attempt. Returns the row's id. */
export async function keepNewSeed(tx: Transaction, userId: string, seed: string): Promise<string> {
  const id = randomUUID();
  await tx.totp.deleteMany({ where: { userId, active: false } });
  await tx.totp.create({
    data: { id, userId, seedSealed: seal(seed, contextOf(id), "totp-seed") },
  });
  return id;
}

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
  const seed = unseal(totp.seedSealed, contextOf(totp.id), "totp-seed");
  const step = stepOfCode(seed, code, openSteps(now, totp.lastStep));
  if (step === null) return false;
  const { count } = await tx.totp.updateMany({
    where: { id: totp.id, lastStep: { lt: step } },
    data: { lastStep: step, lastUsedAt: now },
  });
  return count === 1;
}
