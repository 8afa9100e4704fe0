import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { changeToken, tokenEvent } from "./change-token";
import { forgetChosen } from "./forget-chosen";
import { tokenView } from "./view";

/**
 * Demands the token nowhere any more; it stays configured. Which instances were chosen is forgotten: otherwise the
 * first switch turned on later would bring all of them back.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when it is not active
 */
export function deactivateSecurityToken(actor: Actor): Promise<SecurityTokenView> {
  return changeToken(actor, "deactivate", async ({ tx, account }, current) => {
    await tx.account.update({ where: { id: account.id }, data: { enforcement: "off" } });
    await forgetChosen(tx, account.id);
    const result = await tokenView(tx, { id: account.id, enforcement: "off" });
    return { result, event: tokenEvent("token.deactivated", current, { instances: result.totalInstances }) };
  });
}
