import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { PasskeyView } from "@/lib/domain/passkey";
import { authorize, requireProof } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue";
import { nameSchema, parse } from "../parse";
import { settleRemoval } from "../two-step/recovery-codes";

/**
 * The actor's own passkeys, the oldest first.
 *
 * @param host where the page was opened, to tell which of them work there
 * @throws Refusal `forbidden`
 */
export async function listPasskeys(actor: Actor, host: string): Promise<PasskeyView[]> {
  authorize(actor, "self.change");
  const rows = await db.passkey.findMany({
    where: { userId: actor.userId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true, name: true, createdAt: true, lastUsedAt: true, backedUp: true, rpId: true },
  });
  return rows.map(({ backedUp, rpId, ...row }) => ({
    ...row,
    synced: backedUp,
    otherHost: rpId === host ? null : rpId,
  }));
}

/**
 * One of the user's own passkeys.
 *
 * @throws Refusal `not_found` when it is somebody else's, or gone
 */
async function findPasskey(
  tx: Transaction,
  userId: string,
  passkeyId: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const known = z.uuid().safeParse(passkeyId).success;
  const passkey = known
    ? await tx.passkey.findFirst({ where: { id: passkeyId, userId }, select: { id: true, name: true } })
    : null;
  if (!passkey) throw new Refusal("not_found");
  return passkey;
}

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

const removePasskeySchema = z.object({ passkeyId: z.string() });

/**
 * Removes a passkey: its signatures are worth nothing from now on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `two_step_last` when it is the last second
 *   factor and an account requires one
 */
export async function removePasskey(actor: Actor, input: { passkeyId: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { passkeyId } = parse(removePasskeySchema, input);
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
