import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { overlaps, retirementAt } from "@/lib/domain/rotation";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import {
  fatesOfReplacing,
  isStillSent,
  readOldTokenSenders,
  requireNameToBreak,
} from "../callers/consequence";
import { judgeCallers } from "../callers/judge";
import { consent } from "../parse";
import { tokenAsSeen } from "./configure";
import { mintCurrentToken, retireTokens, tokenEvent, tokenUseCase, tokenView } from "./token";

/**
 * Makes a new token while the current one is enforced. The old one is accepted for the overlap beside it; with the
 * overlap `now` it, and one that is still retiring, ends with this change: then `confirmation` has to be the account's name
 * when that rejects a caller, or may, as callers are judged at this moment.
 *
 * @returns the new token, which can be seen only now
 * @throws Refusal `invalid` (confirmation: required, name_mismatch, callers_changed), or `conflict`: the token is not enforced, is another one by now, or an older one is still
 *   retiring and an overlap was asked for
 */
export const rotateSecurityToken = tokenUseCase({
  step: ({ overlap }) => (overlap === "now" ? "replace" : "rotate"),
  input: tokenAsSeen.extend({ overlap: z.enum(overlaps), ...consent }),
  run: async ({ tx, account, current }, { tokenId, overlap, confirmation: typed, named }) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    if (overlap === "now") {
      const now = new Date();
      const found = await judgeCallers(account.id, now, tx);
      if (found) requireNameToBreak(fatesOfReplacing(found, now), account, { typed, named });
    }
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
 * `tokenId` is the retiring token. `confirmation` is the account's name: required when a caller would be rejected, or may
 * be, as callers are judged at this moment. `ifUnused`: only if no caller still sends it, for a click that asks nobody
 * first. A token that is still sent goes on, and is in the view that is answered.
 *
 * @throws Refusal `invalid` (confirmation: required, name_mismatch, callers_changed), or `conflict` when that token is not retiring any more
 */
export const finishRotation = tokenUseCase({
  step: "finish",
  input: tokenAsSeen.extend({ ifUnused: z.boolean().default(false), ...consent }),
  run: async ({ tx, account, retiring }, { tokenId, ifUnused, confirmation: typed, named }) => {
    if (retiring?.id !== tokenId) throw new Refusal("conflict");
    const senders = await readOldTokenSenders(account.id, new Date(), tx);
    if (ifUnused && senders && isStillSent(senders)) {
      return { result: await tokenView(tx, account.id), event: null };
    }
    if (senders) requireNameToBreak(senders.fates, account, { typed, named });
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
