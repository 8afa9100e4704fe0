import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { changeToken, tokenEvent } from "./change-token";
import { tokenView } from "./view";

/** Leaves no instance chosen. */
export async function forgetChosen(tx: Pick<Transaction, "instance">, accountId: string): Promise<void> {
  await tx.instance.updateMany({ where: { accountId, enforced: true }, data: { enforced: false } });
}

/**
 * Switches enforcement for all instances of the account. Deactivating forgets which instances were chosen:
 * otherwise the first switch turned on later would bring all of them back.
 */
export function setEnforced(actor: Actor, step: "activate" | "deactivate"): Promise<SecurityTokenView> {
  return changeToken(actor, step, async ({ tx, account }, current) => {
    const enforcement = step === "activate" ? "on" : "off";
    await tx.account.update({ where: { id: account.id }, data: { enforcement } });
    if (enforcement === "off") await forgetChosen(tx, account.id);
    const result = await tokenView(tx, { id: account.id, enforcement });
    const action = step === "activate" ? "token.activated" : "token.deactivated";
    return { result, event: tokenEvent(action, current, { instances: result.totalInstances }) };
  });
}
