import { z } from "zod";
import { readTrafficOf } from "@/lib/db/rejected-traffic";
import { countRejected, listRejected, type RejectedRow } from "@/lib/db/rejections";
import type { Actor } from "@/lib/domain/actor";
import { rejectedCharts } from "@/lib/domain/rejected-chart";
import { mostRejected, type RejectedView, rejectedPerPage } from "@/lib/domain/rejection-view";
import { trafficRanges, trafficReasons, trafficSince, trafficView } from "@/lib/domain/traffic";
import { authorize } from "../authorize";
import { searchSchema } from "../name-schema";
import { parse } from "../parse";
import { timeZoneSchema } from "../traffic/time-zone-schema";
import { chartLines } from "./chart-lines";
import { toRejected } from "./to-rejected";

/** All of it comes from the address bar: what makes no sense there means the default. */
const schema = z.object({
  range: z.enum(trafficRanges).catch("day"),
  by: z.enum(rejectedCharts).catch("reason"),
  reason: z.enum(trafficReasons).nullable().catch(null),
  caller: searchSchema,
  instance: searchSchema,
  page: z.coerce
    .number()
    .int()
    .min(1)
    .max(mostRejected / rejectedPerPage)
    .catch(1),
  timeZone: timeZoneSchema,
});

/** What is asked for. */
export interface RejectedInput {
  readonly range?: string | undefined;
  /** What each line of the chart stands for. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** A part of a caller's name, program or address. */
  readonly caller?: string | undefined;
  /** A part of an instance's name, or its id. */
  readonly instance?: string | undefined;
  readonly page?: string | undefined;
  /** Whose days are counted; UTC unless given. */
  readonly timeZone?: string;
}

/**
 * Requests that were rejected: by hour or day and reason, caller or instance, and the callers they came from, rejected last first. A
 * second may pass until a gate has written down what it saw.
 *
 * @throws Refusal `forbidden`
 */
export async function readRejected(actor: Actor, input: RejectedInput = {}): Promise<RejectedView> {
  authorize(actor, "caller.read");
  const { range, timeZone, page: wanted, ...filter } = parse(schema, input);
  const { accountId } = actor;
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
  const [asked, lines] = await Promise.all([read(wanted), chartLines(accountId, filter.by, query, calendar)]);
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
