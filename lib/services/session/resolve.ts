import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor, Origin } from "@/lib/domain/actor";
import { shownName } from "@/lib/domain/seen-text";
import { liveAt } from "./live";
import { factorColumns, factorsIn, requiresTwoStep } from "./second-factors";
import { touchSession } from "./touch";

const sessionIdSchema = z.uuid();

/**
 * The actor of a session, read from the database at each request, so that a revoked session, a changed role
 * or a left account takes effect at once. null when the session is unknown, revoked or over.
 *
 * @param isUse false for what a page does by itself: it must not keep a session alive
 */
export async function resolveSession(sessionId: string, origin: Origin, isUse = true): Promise<Actor | null> {
  if (!sessionIdSchema.safeParse(sessionId).success) return null;
  const session = await db.session.findFirst({
    where: { id: sessionId, ...liveAt(new Date()) },
    select: {
      userId: true,
      accountId: true,
      provenAt: true,
      user: {
        select: {
          email: true,
          memberships: { select: { accountId: true, role: true } },
          ...factorColumns,
        },
      },
      account: { select: { name: true, requireTwoStep: true } },
    },
  });
  const membership = session?.user.memberships.find((one) => one.accountId === session.accountId);
  if (!session?.account || !membership) return null;
  if (isUse) await touchSession(sessionId, origin);
  return {
    ...origin,
    userId: session.userId,
    email: session.user.email,
    sessionId,
    accountId: membership.accountId,
    accountName: shownName(session.account.name),
    role: membership.role,
    provenAt: session.provenAt,
    twoStepMissing: requiresTwoStep(session.account) && factorsIn(session.user).length === 0,
  };
}
