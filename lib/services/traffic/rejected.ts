import { z } from "zod";
import {
  countRejected,
  listRejected,
  type RejectedCount,
  type RejectedHourRow,
  type RejectedQuery,
  type RejectedRow,
  readRejectedHours,
  readTrafficOf,
} from "@/lib/db/rejections";
import {
  mostLines,
  mostRejected,
  type RejectedCaller,
  type RejectedChart,
  type RejectedLine,
  type RejectedView,
  rejectedCharts,
  rejectedPerPage,
} from "@/lib/domain/rejection";
import {
  hourOf,
  reasonOf,
  type TrafficRange,
  type TrafficReason,
  trafficReasons,
  trafficSince,
  trafficView,
} from "@/lib/domain/traffic";
import { lenient, searchSchema, timeZoneSchema } from "../parse";
import { readUseCase } from "../use-case";
import { trafficRangeSchema } from "./traffic";

/** Which hours or days, as the reader's calendar has them. */
interface Calendar {
  readonly range: TrafficRange;
  readonly now: Date;
  readonly timeZone: string;
}

function toLine(rows: readonly RejectedHourRow[], { range, now, timeZone }: Calendar): RejectedLine[] {
  const [first] = rows;
  if (!first) return [];
  const rejected = rows.map(({ hour, requests }) => ({ hour, outcome: "other", token: "none", requests }));
  const { buckets, rejected: requests } = trafficView(rejected, range, now, timeZone);
  const { key, instanceId, instanceName, others, name, agent, address } = first;
  const caller = others === null ? null : { others, name, agent: agent ?? "", address };
  return [
    { key, instanceId, instanceName, caller, requests, buckets: buckets.map(({ rejected }) => rejected) },
  ];
}

/** The lines of a chart by caller or instance, those with most rejected requests first; none by reason. */
async function chartLines(
  accountId: string,
  by: RejectedChart,
  query: RejectedQuery,
  calendar: Calendar,
): Promise<RejectedLine[]> {
  if (by === "reason") return [];
  const rows = await readRejectedHours(accountId, by, query, mostLines);
  const keys = [...new Set(rows.map(({ key }) => key))];
  const ofKey = (wanted: string) => rows.filter(({ key }) => key === wanted);
  return keys
    .flatMap((key) => toLine(ofKey(key), calendar))
    .sort((a, b) => b.requests - a.requests || (a.key < b.key ? -1 : 1));
}

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

async function withCounts(
  accountId: string,
  rows: readonly RejectedRow[],
  { since, reason }: { readonly since: Date; readonly reason: string },
) {
  const ids = rows.map(({ id }) => id);
  const counts = ids.length > 0 ? await countRejected(accountId, ids, since) : [];
  return rows.map((row) => {
    const own = counts.filter(({ callerId }) => callerId === row.id);
    return toRejected(row, own, reason);
  });
}

const lastPage = mostRejected / rejectedPerPage;

/** All of it comes from the address bar: what makes no sense there means the default. */
const rejectedQuerySchema = z.object({
  range: trafficRangeSchema,
  /** What each line of the chart stands for. */
  by: lenient(z.enum(rejectedCharts).catch("reason")),
  reason: lenient(z.enum(trafficReasons).nullable().catch(null)),
  /** A part of a caller's name, program or address. */
  caller: searchSchema,
  /** A part of an instance's name, or its id. */
  instance: searchSchema,
  page: lenient(z.coerce.number().int().min(1).max(lastPage).catch(1)),
  timeZone: timeZoneSchema,
});

/**
 * Requests that were rejected: by hour or day and reason, caller or instance, and the callers they came from, rejected
 * last first. A second may pass until a gate has written down what it saw.
 */
export const readRejected = readUseCase({
  permission: "caller.read",
  input: rejectedQuerySchema,
  run: async ({ accountId }, { range, timeZone, page: wanted, ...filter }): Promise<RejectedView> => {
    const now = new Date();
    const rows = await readTrafficOf(accountId, { ...filter, since: trafficSince(range, now) });
    const traffic = trafficView(rows, range, now, timeZone);
    const since = traffic.buckets[0]?.start ?? now;
    const query = { ...filter, reason: filter.reason ?? "", since };
    const read = (page: number) => {
      const skip = (page - 1) * rejectedPerPage;
      return listRejected(accountId, query, { most: mostRejected, take: rejectedPerPage, skip });
    };
    const calendar = { range, now, timeZone };
    const [asked, lines] = await Promise.all([
      read(wanted),
      chartLines(accountId, filter.by, query, calendar),
    ]);
    // Beyond the last page there is nothing, not even a count.
    const page = asked.rows.length > 0 ? wanted : 1;
    const found = page === wanted ? asked : await read(page);
    return {
      filter,
      traffic,
      lines,
      callers: await withCounts(accountId, found.rows, query),
      matching: found.matching,
      capped: found.capped,
      page,
      pageCount: Math.max(1, Math.ceil(found.matching / rejectedPerPage)),
    };
  },
});
