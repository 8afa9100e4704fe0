import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { changeToken, tokenEvent } from "./change-token";
import { mintCurrentToken, retireTokens } from "./mint";
import { currentToken, tokenView } from "./view";

/**
 * Replaces the token while it is disabled; the old one is retired. Of two clicks at once one wins, so that
 * the token one person is copying is never replaced behind their back.
 *
 * @returns the new token, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none or it is active
 */
export async function regenerateSecurityToken(actor: Actor): Promise<NewSecurityToken> {
  authorize(actor, "token.change");
  const before = await currentToken(db, actor.accountId);
  return changeToken(actor, "regenerate", async ({ tx, account }, current) => {
    if (current?.id !== before?.id) throw new Refusal("conflict");
    await retireTokens(tx, account.id);
    const made = await mintCurrentToken(tx, account.id);
    const result = { token: made.token, view: await tokenView(tx, account) };
    return { result, event: tokenEvent("token.regenerated", made) };
  });
}
