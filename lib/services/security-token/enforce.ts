import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { changeToken, tokenEvent } from "./change-token";
import { tokenView } from "./view";

/** Switches enforcement for all instances of the account. */
export function setEnforced(actor: Actor, step: "activate" | "deactivate"): Promise<SecurityTokenView> {
  return changeToken(actor, step, async ({ tx, account }, current) => {
    const enforcement = step === "activate" ? "on" : "off";
    await tx.account.update({ where: { id: account.id }, data: { enforcement } });
    const result = await tokenView(tx, { id: account.id, enforcement });
    const action = step === "activate" ? "token.activated" : "token.deactivated";
    return { result, event: tokenEvent(action, current, result.totalInstances) };
  });
}
