import type { Actor } from "@/lib/domain/actor";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import { changeToken, tokenEvent } from "./change-token";
import { mintCurrentToken } from "./mint";
import { tokenView } from "./view";

/**
 * Makes the account's first token, disabled: callers notice nothing until it is activated.
 *
 * @returns the token, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is a token already
 */
export function configureSecurityToken(actor: Actor): Promise<NewSecurityToken> {
  return changeToken(actor, "configure", async ({ tx, account }) => {
    const made = await mintCurrentToken(tx, account.id);
    const result = { token: made.token, view: await tokenView(tx, account) };
    return { result, event: tokenEvent("token.configured", made) };
  });
}
