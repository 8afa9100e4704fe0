import { sessionIdleSeconds } from "@/lib/domain/session";

/** The condition of a session that still counts: not revoked, within its idle and absolute limits. */
export function liveAt(now: Date) {
  return {
    revokedAt: null,
    expiresAt: { gt: now },
    lastSeenAt: { gt: new Date(now.getTime() - sessionIdleSeconds * 1000) },
  };
}
