import { countRejectedLately } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { nextStep, type OverviewView } from "@/lib/domain/overview";
import { entryColumns, toEntry } from "../audit/list";
import { authorize } from "../authorize";
import { readSecurityToken } from "../security-token/token";

const recentCount = 5;

/**
 * What the overview shows: the token's state, paused instances, who was rejected, the next step and the newest events.
 *
 * @throws Refusal `forbidden`
 */
export async function readOverview(actor: Actor): Promise<OverviewView> {
  authorize(actor, "account.read");
  authorize(actor, "audit.read");
  const { accountId } = actor;
  const [token, pausedInstances, rejected, recent] = await Promise.all([
    readSecurityToken(actor),
    db.instance.count({ where: { accountId, pausedAt: { not: null } } }),
    countRejectedLately(accountId, new Date()),
    db.auditEvent.findMany({
      where: { accountId },
      orderBy: { seq: "desc" },
      take: recentCount,
      select: entryColumns,
    }),
  ]);
  return { token, pausedInstances, rejected, nextStep: nextStep(token), recent: recent.map(toEntry) };
}
