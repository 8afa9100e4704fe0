import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { SingleSignOnView } from "@/lib/domain/single-sign-on";
import { authorize } from "../authorize";
import { providerOf } from "./provider-of";

/**
 * The sign-ins at providers that are linked to the actor, newest first.
 *
 * @throws Refusal `forbidden`
 */
export async function readSingleSignOn(actor: Actor): Promise<SingleSignOnView> {
  authorize(actor, "self.change");
  const rows = await db.identity.findMany({
    where: { userId: actor.userId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: { id: true, issuer: true, email: true, createdAt: true, lastUsedAt: true },
  });
  return {
    provider: config().singleSignOn?.name ?? "",
    identities: rows.map(({ createdAt, issuer, ...row }) => ({
      ...row,
      issuer: providerOf(issuer),
      linkedAt: createdAt,
    })),
  };
}
