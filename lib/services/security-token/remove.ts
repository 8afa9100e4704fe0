import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { changeToken, tokenEvent } from "./change-token";
import { retireTokens } from "./mint";
import { tokenView } from "./view";

/**
 * Retires the token without a replacement. Possible only while it is demanded nowhere.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none or it is active
 */
export function removeSecurityToken(actor: Actor): Promise<SecurityTokenView> {
  return changeToken(actor, "remove", async ({ tx, account }, current) => {
    await retireTokens(tx, account.id);
    return { result: await tokenView(tx, account), event: tokenEvent("token.removed", current) };
  });
}
