import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { liveAt } from "../session/live";
import { factorColumns, factorsIn, requiresTwoStep } from "../session/second-factors";

/**
 * Whether the actor's session still counts, is still one of a member, and has the second factor that the account
 * may have begun to require. Does not count as a use of it.
 */
export async function isSessionLive({
  sessionId,
  accountId,
}: Pick<Actor, "sessionId" | "accountId">): Promise<boolean> {
  const user = { memberships: { some: { accountId } } };
  const found = await db.session.findFirst({
    where: { id: sessionId, accountId, ...liveAt(new Date()), user },
    select: { account: { select: { requireTwoStep: true } }, user: { select: factorColumns } },
  });
  if (!found?.account) return false;
  return !requiresTwoStep(found.account) || factorsIn(found.user).length > 0;
}
