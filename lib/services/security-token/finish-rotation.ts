import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { isOldTokenSent } from "../callers/rotation-progress";
import { parse } from "../parse";
import { changeToken, tokenEvent } from "./change-token";
import { tokenView } from "./view";

const schema = z.object({ tokenId: z.string(), ifUnused: z.boolean().default(false) });

/**
 * Ends the overlap of a rotation: from now on only the current token is accepted. The digest of the old one
 * stays, so that a rejection can say `retired`.
 *
 * @param input `tokenId`: the retiring token, as the person saw it; `ifUnused`: only if no caller still sends
 *   it, for a click that asks nobody first. A token that is still sent goes on, and is in the view that is answered.
 * @throws Refusal `forbidden`, `proof_required`, `conflict` when that token is not retiring any more
 */
export async function finishRotation(
  actor: Actor,
  input: { tokenId: string; ifUnused?: boolean | undefined },
): Promise<SecurityTokenView> {
  authorize(actor, "token.change");
  const { tokenId, ifUnused } = parse(schema, input);
  return changeToken(actor, "finish", async ({ tx, account }, _current, retiring) => {
    if (retiring?.id !== tokenId) throw new Refusal("conflict");
    const sent = ifUnused && (await isOldTokenSent(tx, account.id, new Date()));
    if (sent) return { result: await tokenView(tx, account), event: null };
    await tx.clientToken.update({
      where: { id: retiring.id, accountId: account.id },
      data: { state: "retired", retireAt: new Date() },
    });
    return { result: await tokenView(tx, account), event: tokenEvent("token.rotation_finished", retiring) };
  });
}
