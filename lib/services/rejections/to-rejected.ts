import type { RejectedCount, RejectedRow } from "@/lib/db/rejections";
import { hourOf } from "@/lib/domain/caller-sums";
import type { RejectedCaller } from "@/lib/domain/rejection-view";
import { reasonOf, type TrafficReason } from "@/lib/domain/traffic";

/** One reason of a caller, in the range. */
interface Share {
  readonly reason: TrafficReason;
  requests: number;
  readonly hour: number;
}

/** Sums outcomes up by reason, the newest first; several that we do not know are one. */
function byReason(counts: readonly RejectedCount[]): Share[] {
  const shares = new Map<TrafficReason, Share>();
  for (const { outcome, requests, hour } of counts) {
    const reason = reasonOf(outcome);
    const share = shares.get(reason);
    if (share) share.requests += requests;
    else shares.set(reason, { reason, requests, hour: hour.getTime() });
  }
  return [...shares.values()];
}

/**
 * A row of the list. Gates keep the moment of a caller's latest rejection and the hours of all: where the
 * latest was for this reason its time is exact, elsewhere the hour is told.
 *
 * @param counts what the caller was rejected for, newest first
 * @param wanted the reason that was asked for; empty: that of its latest rejection
 */
export function toRejected(
  row: RejectedRow,
  counts: readonly RejectedCount[],
  wanted: string,
): RejectedCaller {
  const { lastOutcome, rejectedAt, ...rest } = row;
  const shares = byReason(counts);
  const works = lastOutcome === "accepted";
  const last = works ? undefined : reasonOf(lastOutcome);
  const reason = (wanted === "" ? (last ?? shares[0]?.reason) : reasonOf(wanted)) ?? "other";
  const own = shares.find((share) => share.reason === reason);
  const inHour = shares.filter(({ hour }) => hour === hourOf(rejectedAt.getTime()));
  const exact = last === reason || (inHour.length === 1 && inHour[0]?.reason === reason);
  return {
    id: rest.id,
    instanceId: rest.instanceId,
    instanceName: rest.instanceName,
    others: rest.others,
    name: rest.name,
    address: rest.address,
    agent: rest.agent,
    userAgent: rest.userAgent,
    lastMethod: rest.lastMethod,
    lastPath: rest.lastPath,
    works,
    reason,
    requests: own?.requests ?? 0,
    besides: shares.filter((share) => share !== own).map(({ reason, requests }) => ({ reason, requests })),
    lastAt: exact || !own ? rejectedAt : new Date(own.hour),
    hourOnly: !exact && own !== undefined,
  };
}
