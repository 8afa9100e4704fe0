import type { DenialReason } from "./gate";
import { isLiveToken } from "./preflight-evidence";

/** Milliseconds of an hour. */
export const hourMs = 3_600_000;

/** The start of the hour (UTC) that a moment is in. */
export function hourOf(at: number): number {
  return at - (at % hourMs);
}

/** How far back: the last 24 hours by hour, or the last 7 or 30 days by day. */
export const trafficRanges = ["day", "week", "month"] as const;

export type TrafficRange = (typeof trafficRanges)[number];

/** Why requests were rejected, in the order they are shown; `other` stands for reasons of a newer gate. */
export const trafficReasons = [
  "missing",
  "unknown",
  "retired",
  "placeholder",
  "malformed",
  "instance_token",
  "duplicate",
  "address",
  "endpoint",
  "instance_paused",
  "other",
] as const satisfies readonly (DenialReason | "other")[];

export type TrafficReason = (typeof trafficReasons)[number];

/** Rejections by reason; only reasons that occurred, the commonest first. */
export type ReasonCounts = readonly { readonly reason: TrafficReason; readonly requests: number }[];

/** Requests that ended alike, in one hour. */
export interface TrafficRow {
  readonly hour: Date;
  /** "accepted", or the reason of the rejection. */
  readonly outcome: string;
  /** What the token was worth that they carried, as gates write it; "none" when it was not looked at. */
  readonly token: string;
  readonly requests: number;
}

/** Requests of one hour or day. */
interface TrafficBucket {
  readonly start: Date;
  readonly accepted: number;
  /** Of the accepted ones, those without a live token: where it is enforced they would have been rejected. */
  readonly tokenless: number;
  readonly rejected: number;
  readonly reasons: ReasonCounts;
}

/** What a chart of traffic shows: every hour or day of the range, oldest first, those without requests too. */
export interface TrafficView extends Omit<TrafficBucket, "start"> {
  readonly range: TrafficRange;
  readonly unit: "hour" | "day";
  readonly buckets: readonly TrafficBucket[];
}

const lengths: Readonly<Record<TrafficRange, number>> = { day: 24, week: 7, month: 30 };

/** The first hour that a range may need, whatever the time zone. */
export function trafficSince(range: TrafficRange, now: Date): Date {
  const hours = range === "day" ? 23 : (lengths[range] + 1) * 24;
  return new Date(hourOf(now.getTime()) - hours * hourMs);
}

interface Sum {
  readonly start: Date;
  accepted: number;
  tokenless: number;
  readonly reasons: Map<TrafficReason, number>;
}

/** The reason that an outcome other than "accepted" is counted under. */
export function reasonOf(outcome: string): TrafficReason {
  return trafficReasons.find((reason) => reason === outcome) ?? "other";
}

function add(sum: Sum, { outcome, token, requests }: TrafficRow): void {
  if (outcome === "accepted") {
    sum.accepted += requests;
    if (!isLiveToken(token)) sum.tokenless += requests;
  } else sum.reasons.set(reasonOf(outcome), (sum.reasons.get(reasonOf(outcome)) ?? 0) + requests);
}

function finish({ accepted, tokenless, reasons }: Sum): Omit<TrafficBucket, "start"> {
  const counts = [...reasons].map(([reason, requests]) => ({ reason, requests }));
  const order = (reason: TrafficReason) => trafficReasons.indexOf(reason);
  counts.sort((a, b) => b.requests - a.requests || order(a.reason) - order(b.reason));
  const rejected = counts.reduce((all, { requests }) => all + requests, 0);
  return { accepted, tokenless, rejected, reasons: counts };
}

/** Names the hour or day that an hour belongs to. An hour (UTC) that two days share counts for its first. */
function bucketNames(range: TrafficRange, timeZone: string): (hour: number) => string {
  if (range === "day") return String;
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  return (hour) => format.format(hour);
}

const emptySum = (start: Date): Sum => ({ start, accepted: 0, tokenless: 0, reasons: new Map() });

/** A bucket for each hour or day until now, by name, oldest first. */
function emptyBuckets(range: TrafficRange, now: Date, name: (hour: number) => string): Map<string, Sum> {
  const buckets = new Map<string, Sum>();
  for (let hour = trafficSince(range, now).getTime(); hour <= now.getTime(); hour += hourMs) {
    const key = name(hour);
    if (!buckets.has(key)) buckets.set(key, emptySum(new Date(hour)));
  }
  const surplus = [...buckets.keys()].slice(0, -lengths[range]);
  for (const key of surplus) buckets.delete(key);
  return buckets;
}

/**
 * Arranges requests by hour, or by day as the reader's calendar has it.
 *
 * @param rows requests by hour and end; what lies outside the range is left out
 * @param timeZone one that Intl knows
 */
export function trafficView(
  rows: Iterable<TrafficRow>,
  range: TrafficRange,
  now: Date,
  timeZone: string,
): TrafficView {
  const name = bucketNames(range, timeZone);
  const sums = emptyBuckets(range, now, name);
  const total = emptySum(now);
  for (const row of rows) {
    const sum = sums.get(name(row.hour.getTime()));
    if (!sum) continue;
    add(sum, row);
    add(total, row);
  }
  const buckets = [...sums.values()].map((sum) => ({ start: sum.start, ...finish(sum) }));
  return { range, unit: range === "day" ? "hour" : "day", buckets, ...finish(total) };
}

/** Requests of the last 24 hours, an entry an hour, the oldest first. */
export interface LastDay {
  readonly accepted: readonly number[];
  readonly rejected: readonly number[];
}

/** Arranges the requests of one instance by hour; what lies outside the last 24 is left out. */
export function lastDay(
  hours: Iterable<readonly [hour: number, accepted: number, rejected: number]>,
  now: Date,
): LastDay {
  const start = trafficSince("day", now).getTime();
  const day = { accepted: Array<number>(24).fill(0), rejected: Array<number>(24).fill(0) };
  for (const [hour, accepted, rejected] of hours) {
    const index = (hour - start) / hourMs;
    if (!(index in day.accepted)) continue;
    day.accepted[index] = accepted;
    day.rejected[index] = rejected;
  }
  return day;
}

const dayMs = 24 * hourMs;

/** The wall clock of a zone at an instant, as if it were UTC, in milliseconds. */
function wallClock(format: Intl.DateTimeFormat, instant: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The first instant of a day as a zone's calendar has it, also where that day begins later than midnight
 * because clocks were put forward then.
 *
 * @param day `YYYY-MM-DD`
 * @param timeZone one that Intl knows
 */
export function startOfDay(day: string, timeZone: string): Date {
  const format = new Intl.DateTimeFormat("en", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const offset = (instant: number) => wallClock(format, instant) - instant;
  const candidates = [midnight - offset(midnight - dayMs), midnight - offset(midnight + dayMs)];
  const start = candidates.sort((a, b) => a - b).find((each) => wallClock(format, each) >= midnight);
  return new Date(start ?? midnight);
}

/** The first instant after a day as a zone's calendar has it. */
export function endOfDay(day: string, timeZone: string): Date {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
  return startOfDay(next, timeZone);
}
