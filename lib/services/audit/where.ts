import { type AuditFilter, actionsOf } from "@/lib/domain/audit-filter";
import { endOfDay, startOfDay } from "@/lib/domain/zoned-day";

/** The rows of an account that a filter leaves, as a condition of the database. */
export function auditWhere(accountId: string, filter: AuditFilter, timeZone: string) {
  const { actor, group, from, to } = filter;
  const at = {
    ...(from !== undefined && { gte: startOfDay(from, timeZone) }),
    ...(to !== undefined && { lt: endOfDay(to, timeZone) }),
  };
  return {
    accountId,
    // NUL is the one character PostgreSQL cannot look for.
    ...(actor !== undefined && { actorLabel: actor.replaceAll("\0", "") }),
    ...(group && { action: { in: actionsOf(group) } }),
    ...((from ?? to) !== undefined && { at }),
  };
}
