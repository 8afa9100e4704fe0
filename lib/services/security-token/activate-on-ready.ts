import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { isReady, readinessByInstance } from "@/lib/domain/instance-readiness";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { judgeCallers } from "../callers/judge-callers";
import { parse } from "../parse";
import { changeToken, tokenEvent } from "./change-token";
import { tokenView } from "./view";

const schema = z.object({ tokenId: z.string() });

/**
 * Demands the token on every instance none of whose callers would or may be rejected, as they are judged at this
 * moment, under the account's lock, and leaves the others open. Instances that demand it already go on to.
 *
 * @param input `tokenId`: the token to be demanded, as the person saw it
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is no such instance, the token is active
 *   everywhere or has become another one
 */
export async function activateOnReadyInstances(
  actor: Actor,
  input: { tokenId: string },
): Promise<SecurityTokenView> {
  authorize(actor, "token.change");
  const { tokenId } = parse(schema, input);
  return changeToken(actor, "activate", async ({ tx, account }, current) => {
    const found = await judgeCallers(account.id, new Date(), tx);
    if (current?.id !== tokenId || !found) throw new Refusal("conflict");
    const unready = [...readinessByInstance(found.judged)].filter(([, readiness]) => !isReady(readiness));
    const { count } = await tx.instance.updateMany({
      where: { accountId: account.id, enforced: false, id: { notIn: unready.map(([id]) => id) } },
      data: { enforced: true },
    });
    if (count === 0) throw new Refusal("conflict");
    await tx.account.update({ where: { id: account.id }, data: { enforcement: "staged" } });
    const result = await tokenView(tx, { id: account.id, enforcement: "staged" });
    const event = tokenEvent("token.activated_on_ready", current, {
      count: result.enforcedInstances,
      instances: result.totalInstances,
    });
    return { result, event };
  });
}
