import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { PasskeyView } from "@/lib/domain/passkey";
import { authorize } from "../authorize";

/**
 * The actor's own passkeys, the oldest first.
 *
 * @param host where the page was opened, to tell which of them work there
 * @throws Refusal `forbidden`
 */
export async function listPasskeys(actor: Actor, host: string): Promise<PasskeyView[]> {
  authorize(actor, "self.change");
  const rows = await db.passkey.findMany({
    where: { userId: actor.userId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true, name: true, createdAt: true, lastUsedAt: true, backedUp: true, rpId: true },
  });
  return rows.map(({ backedUp, rpId, ...row }) => ({
    ...row,
    synced: backedUp,
    otherHost: rpId === host ? null : rpId,
  }));
}
