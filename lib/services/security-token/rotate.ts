import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { type Overlap, overlaps, retirementAt } from "@/lib/domain/rotation";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { changeToken, tokenEvent } from "./change-token";
import { mintCurrentToken, retireTokens } from "./mint";
import { tokenView } from "./view";

const schema = z.object({ tokenId: z.string(), overlap: z.enum(overlaps) });

/**
 * Makes a new token while the current one is demanded. The old one is accepted for the overlap beside it;
 * with the overlap `now` it, and one that is still retiring, ends with this change.
 *
 * @param input `tokenId`: the token to be replaced, as the person saw it; of two clicks at once, or one on a
 *   page that is out of date, the later one must not replace a token that someone is just copying
 * @returns the new token, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `invalid`, or `conflict`: the token is not demanded, is
 *   another one by now, or an older one is still retiring and an overlap was asked for
 */
export async function rotateSecurityToken(
  actor: Actor,
  input: { tokenId: string; overlap: Overlap },
): Promise<NewSecurityToken> {
  authorize(actor, "token.change");
  const { tokenId, overlap } = parse(schema, input);
  const step = overlap === "now" ? "replace" : "rotate";
  return changeToken(actor, step, async ({ tx, account }, current) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    if (overlap === "now") await retireTokens(tx, account.id);
    else await beginRetirement(tx, account.id, retirementAt(overlap, new Date()));
    const made = await mintCurrentToken(tx, account.id);
    const result = { token: made.token, view: await tokenView(tx, account) };
    return { result, event: tokenEvent("token.rotated", made, { from: current.lastFour, to: overlap }) };
  });
}

/** Makes the current token the retiring one. The place is free but for one whose time is over. */
async function beginRetirement(tx: Transaction, accountId: string, retireAt: Date | null): Promise<void> {
  await tx.clientToken.updateMany({ where: { accountId, state: "retiring" }, data: { state: "retired" } });
  await tx.clientToken.updateMany({
    where: { accountId, state: "current" },
    data: { state: "retiring", retireAt },
  });
}
