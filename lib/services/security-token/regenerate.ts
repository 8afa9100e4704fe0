import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { NewSecurityToken } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { changeToken, tokenEvent } from "./change-token";
import { mintCurrentToken, retireTokens } from "./mint";
import { tokenView } from "./view";

const schema = z.object({ tokenId: z.string() });

/**
 * Replaces the token while it is disabled; the old one is retired, and one that is still retiring with it.
 *
 * @param input `tokenId`: the token to be replaced, as the person saw it; of two clicks at once, or one on a page that
 *   is out of date, the later one must not replace a token that someone is just copying
 * @returns the new token, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when there is none, it is active or another
 *   one by now
 */
export async function regenerateSecurityToken(
  actor: Actor,
  input: { tokenId: string },
): Promise<NewSecurityToken> {
  authorize(actor, "token.change");
  const { tokenId } = parse(schema, input);
  return changeToken(actor, "regenerate", async ({ tx, account }, current) => {
    if (current?.id !== tokenId) throw new Refusal("conflict");
    await retireTokens(tx, account.id);
    const made = await mintCurrentToken(tx, account.id);
    const result = { token: made.token, view: await tokenView(tx, account) };
    return { result, event: tokenEvent("token.regenerated", made) };
  });
}
