import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { overlaps, retirementAt } from "@/lib/domain/rotation";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import { isOldTokenSent } from "../callers/preflight";
import { tokenAsSeen } from "./configure";
import { mintCurrentToken, retireTokens, tokenEvent, tokenUseCase, tokenView } from "./token";

/**
 * Makes a new token while the current one is enforced. The old one is accepted for the overlap beside it; with the
 * overlap `now` it, and one that is still retiring, ends with this change.
 *
 * @returns the new token, which can be seen only now
 * @throws Refusal `invalid`, or `conflict`: the token is not enforced, is another one by now, or an older one is still
 *   retiring and an overlap was asked for
 */
export const rotateSecurityToken = tokenUseCase({
  step: ({ overlap }) => (overlap === "now" ? "replace" : "rotate"),
  input: tokenAsSeen.extend({ overlap: z.enum(overlaps) }),
  run: async ({ tx, account, current }, { tokenId, overlap }) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    if (overlap === "now") await retireTokens(tx, account.id);
    else await beginRetirement(tx, account.id, retirementAt(overlap, new Date()));
    const made = await mintCurrentToken(tx, account.id);
    const result: NewSecurityToken = { token: made.token, view: await tokenView(tx, account.id) };
    return { result, event: tokenEvent("token.rotated", made, { from: current.lastFour, to: overlap }) };
  },
});

/** Makes the current token the retiring one. The place is free but for one whose time is over. */
async function beginRetirement(tx: Transaction, accountId: string, retireAt: Date | null): Promise<void> {
  await tx.clientToken.updateMany({ where: { accountId, state: "retiring" }, data: { state: "retired" } });
  await tx.clientToken.updateMany({
    where: { accountId, state: "current" },
    data: { state: "retiring", retireAt },
  });
}

/**
 * Ends the overlap of a rotation: from now on only the current token is accepted. The digest of the old one stays, so
 * that a rejection can say `retired`.
 *
 * `tokenId` is the retiring token. `ifUnused`: only if no caller still sends it, for a click that asks nobody first. A
 * token that is still sent goes on, and is in the view that is answered.
 *
 * @throws Refusal `conflict` when that token is not retiring any more
 */
export const finishRotation = tokenUseCase({
  step: "finish",
  input: tokenAsSeen.extend({ ifUnused: z.boolean().default(false) }),
  run: async ({ tx, account, retiring }, { tokenId, ifUnused }) => {
    if (retiring?.id !== tokenId) throw new Refusal("conflict");
    const sent = ifUnused && (await isOldTokenSent(tx, account.id, new Date()));
    if (sent) return { result: await tokenView(tx, account.id), event: null };
    await tx.clientToken.update({
      where: { id: retiring.id, accountId: account.id },
      data: { state: "retired", retireAt: new Date() },
    });
    return {
      result: await tokenView(tx, account.id),
      event: tokenEvent("token.rotation_finished", retiring),
    };
  },
});
