import type { RejectedQuery } from "@/lib/db/rejected-match";
import { type RejectedHourRow, readRejectedHours } from "@/lib/db/rejected-traffic";
import { mostLines, type RejectedChart, type RejectedLine } from "@/lib/domain/rejected-chart";
import { type TrafficRange, trafficView } from "@/lib/domain/traffic";

/** Which hours or days, as the reader's calendar has them. */
interface Calendar {
  readonly range: TrafficRange;
  readonly now: Date;
  readonly timeZone: string;
}

function toLine(rows: readonly RejectedHourRow[], { range, now, timeZone }: Calendar): RejectedLine[] {
  const [first] = rows;
  if (!first) return [];
  const rejected = rows.map(({ hour, requests }) => ({ hour, outcome: "other", requests }));
  const { buckets, rejected: requests } = trafficView(rejected, range, now, timeZone);
  const { key, instanceId, instanceName, others, name, agent, address } = first;
  const caller = others === null ? null : { others, name, agent: agent ?? "", address };
  return [
    { key, instanceId, instanceName, caller, requests, buckets: buckets.map(({ rejected }) => rejected) },
  ];
}

/** The lines of a chart by caller or instance, those with most rejected requests first; none by reason. */
export async function chartLines(
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
