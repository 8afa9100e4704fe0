import { z } from "zod";
import { Refusal } from "@/lib/domain/errors";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import { mintCurrentToken, notArmed, retireTokens, tokenEvent, tokenUseCase, tokenView } from "./token";

/**
 * Makes the account's first token, disabled: callers notice nothing until it is activated.
 *
 * @returns the token, which can be seen only now
 * @throws Refusal `conflict` when there is a token already
 */
export const configureSecurityToken = tokenUseCase({
  step: "configure",
  run: async ({ tx, account }) => {
    const made = await mintCurrentToken(tx, account.id);
    const result: NewSecurityToken = { token: made.token, view: await tokenView(tx, account.id) };
    return { result, event: tokenEvent("token.configured", made) };
  },
});

/**
 * The token that a change is about, as the person saw it: of two clicks at once, or one on a page that is out of date,
 * the later one must not replace a token that someone is just copying.
 */
export const tokenAsSeen = z.object({ tokenId: z.string() });

/**
 * Replaces the token while it is disabled; the old one is retired, and one that is still retiring with it. An armed
 * token stays armed: each instance waits until its callers send the new one.
 *
 * @returns the new token, which can be seen only now
 * @throws Refusal `conflict` when there is none, it is active or another one by now
 */
export const regenerateSecurityToken = tokenUseCase({
  step: "regenerate",
  input: tokenAsSeen,
  run: async ({ tx, account, current }, { tokenId }) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    await retireTokens(tx, account.id);
    const made = await mintCurrentToken(tx, account.id);
    const result: NewSecurityToken = { token: made.token, view: await tokenView(tx, account.id) };
    return { result, event: tokenEvent("token.regenerated", made) };
  },
});

/**
 * Retires the token without a replacement, and disarms it. Possible only while it is enforced nowhere.
 *
 * @throws Refusal `conflict` when there is none, it is active or another one by now
 */
export const removeSecurityToken = tokenUseCase({
  step: "remove",
  input: tokenAsSeen,
  run: async ({ tx, account, current }, { tokenId }) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    await retireTokens(tx, account.id);
    await tx.account.update({ where: { id: account.id }, data: notArmed });
    return { result: await tokenView(tx, account.id), event: tokenEvent("token.removed", current) };
  },
});
