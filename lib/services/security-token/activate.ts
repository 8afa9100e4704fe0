import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { mayBreakSomebody } from "../callers/forecast";
import { judgeCallers } from "../callers/judge-callers";
import { typedNameSchema } from "../name-schema";
import { parse } from "../parse";
import { requireTypedName } from "../typed-name";
import { changeToken, tokenEvent } from "./change-token";
import { tokenView } from "./view";

const schema = z.object({ tokenId: z.string(), confirmation: typedNameSchema });

/**
 * Demands the token on every instance from now on. Callers are judged at this moment, under the account's lock, whatever
 * a page showed.
 *
 * @param input `tokenId`: the token to be demanded, as the person saw it; `confirmation`: the account's name, when
 *   a caller that gets through now would be rejected, or may be, since it was not heard since the token changed
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is no token, it is active already or has
 *   become another one, or `invalid` (confirmation: required, name_mismatch)
 */
export async function activateSecurityToken(
  actor: Actor,
  input: { tokenId: string; confirmation?: string | undefined },
): Promise<SecurityTokenView> {
  authorize(actor, "token.change");
  const { tokenId, confirmation } = parse(schema, input);
  return changeToken(actor, "activate", async ({ tx, account }, current) => {
    const found = await judgeCallers(account.id, new Date(), tx);
    if (current?.id !== tokenId || !found) throw new Refusal("conflict");
    if (mayBreakSomebody(found)) requireTypedName(account, confirmation);
    await tx.account.update({ where: { id: account.id }, data: { enforcement: "on" } });
    const result = await tokenView(tx, { id: account.id, enforcement: "on" });
    return { result, event: tokenEvent("token.activated", current, { instances: result.totalInstances }) };
  });
}
