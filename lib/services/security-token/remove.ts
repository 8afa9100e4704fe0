import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { changeToken, tokenEvent } from "./change-token";
import { retireTokens } from "./mint";
import { tokenView } from "./view";

const schema = z.object({ tokenId: z.string() });

/**
 * Retires the token without a replacement. Possible only while it is demanded nowhere.
 *
 * @param input `tokenId`: the token to be removed, as the person saw it
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none, it is active or another one by now
 */
export async function removeSecurityToken(
  actor: Actor,
  input: { tokenId: string },
): Promise<SecurityTokenView> {
  authorize(actor, "token.change");
  const { tokenId } = parse(schema, input);
  return changeToken(actor, "remove", async ({ tx, account }, current) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    await retireTokens(tx, account.id);
    return { result: await tokenView(tx, account), event: tokenEvent("token.removed", current) };
  });
}
