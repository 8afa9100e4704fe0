import type { Actor } from "@/lib/domain/actor";
import { readSecurityToken } from "../security-token/read";

/** The token that a page which is up to date shows this person; an id that nothing has when there is none. */
export async function shownToken(actor: Actor): Promise<{ tokenId: string }> {
  return { tokenId: (await readSecurityToken(actor)).tokenId ?? "none" };
}
