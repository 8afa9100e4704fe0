import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { afterSwitch, covers, type Enforcement } from "@/lib/domain/enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { mayBreakSomebody } from "../callers/forecast";
import { judgeCallers } from "../callers/judge-callers";
import { instanceEvent } from "../instances/event";
import { findInstance } from "../instances/find";
import { typedNameSchema } from "../name-schema";
import { parse } from "../parse";
import { requireTypedName } from "../typed-name";
import { changeToken } from "./change-token";
import { forgetChosen } from "./forget-chosen";
import { tokenView } from "./view";

const schema = z.object({ instanceId: z.string(), enforced: z.boolean(), confirmation: typedNameSchema });

/**
 * Demands the token on one instance, or no longer on it. An instance that is so already stays so, and
 * nothing is recorded. The first one on makes a disabled token staged, the last one off disables it, and
 * one off while the token is active leaves it on exactly the others.
 *
 * @param input `confirmation`: the account's name, when demanding the token would reject a caller of this instance that
 *   gets through now, or may. Callers are judged at this moment, under the account's lock, whatever a page showed
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `conflict` when there is no token, or `invalid`
 *   (confirmation: required, name_mismatch)
 */
export async function setInstanceEnforcement(
  actor: Actor,
  input: { instanceId: string; enforced: boolean; confirmation?: string | undefined },
): Promise<SecurityTokenView> {
  authorize(actor, "token.change");
  const { instanceId, enforced, confirmation } = parse(schema, input);
  return changeToken(actor, enforced ? "enforce" : "release", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (covers(account.enforcement, instance.enforced) === enforced) {
      return { result: await tokenView(tx, account), event: null };
    }
    const found = enforced ? await judgeCallers(account.id, new Date(), tx) : null;
    if (found && mayBreakSomebody(found, instance.id)) requireTypedName(account, confirmation);
    const others = await countOthers(tx, account, instance.id);
    const { enforcement, keepOthers } = afterSwitch(account.enforcement, enforced, others);
    if (enforcement === "off") await forgetChosen(tx, account.id);
    if (keepOthers)
      await tx.instance.updateMany({ where: { accountId: account.id }, data: { enforced: true } });
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: { enforced } });
    await tx.account.update({ where: { id: account.id }, data: { enforcement } });
    const result = await tokenView(tx, { id: account.id, enforcement });
    const event = instanceEvent(enforced ? "token.enforced_on" : "token.released_on", instance, {
      count: result.enforcedInstances,
      instances: result.totalInstances,
    });
    return { result, event };
  });
}

/** How many of the other instances are covered now. */
function countOthers(
  tx: Pick<Transaction, "instance">,
  account: { readonly id: string; readonly enforcement: Enforcement },
  instanceId: string,
): Promise<number> {
  const others = { accountId: account.id, id: { not: instanceId } };
  if (account.enforcement === "off") return Promise.resolve(0);
  return tx.instance.count({ where: account.enforcement === "on" ? others : { ...others, enforced: true } });
}
