import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { authorize } from "../authorize";
import { tokenView } from "./view";

/**
 * The state of the account security token.
 *
 * @throws Refusal `forbidden`
 */
export async function readSecurityToken(actor: Actor): Promise<SecurityTokenView> {
  authorize(actor, "token.read");
  const account = await db.account.findUniqueOrThrow({
    where: { id: actor.accountId },
    select: { id: true, enforcement: true },
  });
  return tokenView(db, account);
}
