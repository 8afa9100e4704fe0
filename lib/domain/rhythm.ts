import { hourMs } from "./traffic";

/**
 * How often a caller calls, as far as hours tell. `daily` is once a day or within the same hours of each day, `days` the
 * same on some days of the week, `hours` every few hours. `rarely` and `unknown` say nothing of when it calls next.
 */
export type RhythmKind =
  | "seconds"
  | "minutes"
  | "hourly"
  | "hours"
  | "daily"
  | "days"
  | "weekly"
  | "rarely"
  | "unknown";

/** What a rhythm rests on: hours (UTC) in which a caller called, in any order; what stands twice is added up. */
export interface HeardHours {
  /** Starts of hours, in milliseconds since 1970. */
  readonly hours: readonly number[];
  /** Requests in each of them. */
  readonly requests: readonly number[];
}

/** How far back hours are looked at, and how many of a caller at most: ten days of one that calls around the clock. */
export const rhythmDays = 30;
export const mostHours = 240;

export interface Rhythm {
  readonly kind: RhythmKind;
  /** From one turn to the next; 0 for those that say nothing of it. */
  readonly everyMs: number;
  /** The hours of the day of `daily`, `days` and `weekly`: when they began last, and how long they last. */
  readonly from: number;
  readonly lengthMs: number;
  /** For `days`: one day of each on which it calls, as the moment at which its hours began; oldest first. */
  readonly days: readonly number[];
  /** Longest silence it has come back from, and from the first hour heard to the last. */
  readonly longestMs: number;
  readonly spanMs: number;
}

const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;

const none: Rhythm = {
  kind: "unknown",
  everyMs: 0,
  from: 0,
  lengthMs: 0,
  days: [],
  longestMs: 0,
  spanMs: 0,
};

/** Fewest turns that make a rhythm; for one of weeks, which an account's retention may not hold longer, one less. */
const fewestTurns = 4;
const fewestWeeks = 3;

/** Requests by hour, counted in hours since 1970, oldest first. */
function heardOf({ hours, requests }: HeardHours): [number, number][] {
  const sums = new Map<number, number>();
  for (const [index, at] of hours.entries()) {
    const hour = Math.floor(at / hourMs);
    sums.set(hour, (sums.get(hour) ?? 0) + (requests[index] ?? 0));
  }
  const sorted = [...sums].sort(([one], [other]) => one - other);
  const newest = sorted.at(-1)?.[0] ?? 0;
  return sorted.filter(([hour]) => hour > newest - rhythmDays * 24).slice(-mostHours);
}

function gapsOf(sorted: readonly number[]): number[] {
  return sorted.slice(1).map((each, index) => each - (sorted[index] ?? each));
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;
}

/** Times that a rhythm may have paused, as a server that was down does: once in as many turns as a day has hours. */
function pausesOf(turns: number): number {
  return Math.floor(turns / 24);
}

/** Around the clock: heard in every hour or every second one. */
function aroundTheClock(heard: readonly [number, number][]): Pick<Rhythm, "kind" | "everyMs"> | null {
  const hours = heard.map(([hour]) => hour);
  const gaps = gapsOf(hours);
  const close = gaps.filter((gap) => gap <= 2);
  if (hours.length < fewestTurns || gaps.length - close.length > pausesOf(hours.length)) return null;
  // The first hour and the last were not heard whole, nor those beside a silence.
  const whole = heard.filter((_, index) => gaps[index - 1] === 1 && gaps[index] === 1);
  const rate = medianOf((whole.length > 0 ? whole : heard).map(([, requests]) => requests));
  if (rate >= 6) return { kind: rate >= 120 ? "seconds" : "minutes", everyMs: hourMs / rate };
  // So few fall into one hour or the next: over all hours they even out, except for a burst as of one who tries it.
  const calls = heard.slice(0, -1).reduce((sum, [, requests]) => sum + Math.min(requests, 3 * rate), 0);
  const every = close.reduce((sum, gap) => sum + gap, 0) / calls;
  if (!(every > 0 && every <= 1.75)) return null;
  return { kind: every > 0.85 && every < 1.2 ? "hourly" : "minutes", everyMs: every * hourMs };
}

/** Every few hours, whatever the time of day. */
function everyFewHours(hours: readonly number[]): Pick<Rhythm, "kind" | "everyMs"> | null {
  // What begins before the full hour and ends after it may be one turn.
  const begun = hours.filter((hour, index) => hours[index - 1] !== hour - 1);
  for (const starts of hours.length > 2 * begun.length ? [hours] : [hours, begun]) {
    const gaps = gapsOf(starts);
    const every = medianOf(gaps);
    const off = gaps.filter((gap) => Math.abs(gap - every) > Math.max(1, every / 4));
    const fits = starts.length >= fewestTurns && every >= 2 && every <= 12;
    if (fits && off.length <= pausesOf(starts.length)) return { kind: "hours", everyMs: every * hourMs };
  }
  return null;
}

/** Hours of the day (UTC) in which it never calls, so that a day can begin there: fewest that make a day's pause. */
const shortestPause = 4;

/** The hours of the day between its longest pauses: the first, and how many. null without a pause. */
function hoursOfDay(hours: readonly number[]): { first: number; length: number } | null {
  const counts = Array.from({ length: 24 }, () => 0);
  for (const hour of hours) counts[hour % 24] = (counts[hour % 24] ?? 0) + 1;
  const days = new Set(hours.map((hour) => Math.floor(hour / 24))).size;
  // Once at another hour, as somebody tries it by hand, is no part of a rhythm that was heard often.
  const usual = (hour: number) => (counts[(hour + 48) % 24] ?? 0) > days / 8;
  let [first, pause] = [0, 0];
  for (let start = 0; start < 24; start++) {
    let length = 0;
    while (length < 24 && !usual(start + length)) length++;
    if (length > pause) [first, pause] = [(start + length) % 24, length];
  }
  return pause >= shortestPause && pause < 24 ? { first, length: 24 - pause } : null;
}

/** Once a day, or within the same hours of it: every day, on some days of the week, or on one. */
function byDays(hours: readonly number[]): Partial<Rhythm> | null {
  const window = hoursOfDay(hours);
  if (!window) return null;
  const { first, length } = window;
  const inside = hours.filter((hour) => (hour - first) % 24 < length);
  const days = [...new Set(inside.map((hour) => Math.floor((hour - first) / 24)))];
  const [oldest = 0, newest = 0] = [days[0], days.at(-1)];
  const begin = (day: number) => (day * 24 + first) * hourMs;
  const found = { from: begin(newest), lengthMs: length * hourMs };
  const ofWeek = new Set(days.map((day) => day % 7));
  const all = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
  const missed = all.filter((day) => ofWeek.has(day % 7)).length - days.length;
  if (newest - oldest >= 14 && ofWeek.size < 7 && missed <= days.length / 10) {
    if (ofWeek.size === 1 && days.length >= fewestWeeks) return { ...found, kind: "weekly", everyMs: weekMs };
    const latest = new Map(days.map((day) => [day % 7, begin(day)]));
    const each = [...latest.values()].sort((one, other) => one - other);
    if (ofWeek.size > 1 && days.length >= 2 * ofWeek.size) {
      return { ...found, kind: "days", everyMs: dayMs, days: each };
    }
  }
  const gaps = gapsOf(days);
  const next = gaps.filter((gap) => gap === 1).length;
  const isDaily = days.length >= fewestTurns && next >= gaps.length * 0.75 && Math.max(...gaps) <= 3;
  return isDaily ? { ...found, kind: "daily", everyMs: dayMs } : null;
}

/** Called on so few of its days, for a week at least, that it calls rarely. */
function isRare(hours: readonly number[]): boolean {
  const days = new Set(hours.map((hour) => Math.floor(hour / 24))).size;
  const span = ((hours.at(-1) ?? 0) - (hours[0] ?? 0)) / 24;
  return span >= 7 && days <= span / 3;
}

/**
 * The rhythm in which a caller calls. Pure and total; the same for the same hours in any order. `unknown` unless at
 * least four turns fit (three of a weekly one): hours cannot tell calls that are spread over them from those that come
 * together, so a rhythm says how many calls there are, and `expectationOf` is careful about silences.
 */
export function rhythmOf(evidence: HeardHours): Rhythm {
  const heard = heardOf(evidence);
  const hours = heard.map(([hour]) => hour);
  const gaps = gapsOf(hours);
  const longestMs = Math.max(0, ...gaps) * hourMs;
  const spanMs = ((hours.at(-1) ?? 0) - (hours[0] ?? 0)) * hourMs;
  const found = aroundTheClock(heard) ?? everyFewHours(hours) ?? byDays(hours);
  if (found) return { ...none, ...found, longestMs, spanMs };
  return { ...none, kind: isRare(hours) ? "rarely" : "unknown", longestMs, spanMs };
}

/** A caller's rhythm, and when it is its turn. */
export interface Expectation extends Pick<Rhythm, "kind" | "everyMs" | "from" | "lengthMs" | "days"> {
  /** By when it should call next, later than its last call; null when nobody can say. For turns of days, the next one. */
  readonly expectedBy: number | null;
  /** Turns that have gone by without a call. */
  readonly missed: number;
  /** So many, and for longer than it was ever silent, that it is probably gone. */
  readonly overdue: boolean;
  /** When this was so. */
  readonly at: number;
}

/** Turns that make a caller overdue. */
const severalTurns = 3;

/** Shortest silence after which one is overdue: a night, a weekend or a week that nobody has seen yet may be its rest. */
function shortestSilence({ longestMs, spanMs }: Rhythm): number {
  const unseen = spanMs < 2 * dayMs ? weekMs + dayMs : spanMs < weekMs + dayMs ? 4 * dayMs : 0;
  // From one hour to another is up to an hour longer than it seems.
  return Math.max(severalTurns * hourMs, longestMs + hourMs, unseen);
}

/** The end of its turn on each day after a moment, give or take an hour: clocks are put forward and back. */
function* turnsOfDays({ kind, from, lengthMs, days }: Rhythm, last: number): Generator<number> {
  const dayOf = (at: number) => Math.floor((at - from) / dayMs);
  const ofWeek = new Set((kind === "days" ? days : [from]).map((at) => ((dayOf(at) % 7) + 7) % 7));
  for (let day = dayOf(last) + 1; ; day++) {
    const due = kind === "daily" || ofWeek.has(((day % 7) + 7) % 7);
    if (due) yield from + day * dayMs + lengthMs + hourMs;
  }
}

function isOfDays({ kind }: Rhythm): boolean {
  return kind === "daily" || kind === "days" || kind === "weekly";
}

/** Its next turn, and how many it has missed. */
function turnOf(rhythm: Rhythm, last: number, now: number): Pick<Expectation, "expectedBy" | "missed"> {
  if (rhythm.everyMs === 0) return { expectedBy: null, missed: 0 };
  if (isOfDays(rhythm)) {
    let missed = 0;
    for (const end of turnsOfDays(rhythm, last)) {
      if (end > now) return { expectedBy: end, missed };
      missed++;
    }
  }
  // Half a turn late is still in time; what calls every few seconds has a minute.
  const expectedBy = last + Math.max(1.5 * rhythm.everyMs, hourMs / 60);
  const missed = now < expectedBy ? 0 : 1 + Math.floor((now - expectedBy) / rhythm.everyMs);
  return { expectedBy, missed };
}

/**
 * Whether a caller is late, by its rhythm. It is overdue after three turns without a call, and not before three hours,
 * nor within a silence that it has come back from, nor within four or eight days if it was heard too briefly to know
 * its weekends, or its nights.
 *
 * @param lastAt when it called last
 */
export function expectationOf(rhythm: Rhythm, lastAt: Date, now: Date): Expectation {
  const { kind, everyMs, from, lengthMs, days } = rhythm;
  const turn = turnOf(rhythm, lastAt.getTime(), now.getTime());
  const silence = now.getTime() - lastAt.getTime();
  const overdue = turn.missed >= severalTurns && silence >= shortestSilence(rhythm);
  return { kind, everyMs, from, lengthMs, days, ...turn, overdue, at: now.getTime() };
}

/** Hours of the day that are one moment rather than a time in which it calls. */
const longestMoment = 3 * hourMs;

/**
 * When on its days it calls: a moment, to the half hour, of one that calls within three hours, and the beginning and
 * end of its hours otherwise. Both lie in its latest turn, so that they are what a clock shows today. null for rhythms that
 * have no time of day.
 */
export function timeOfDay(
  { from, lengthMs }: Expectation,
  lastAt: Date,
): { about: number } | { from: number; until: number } | null {
  if (lengthMs === 0) return null;
  if (lengthMs > longestMoment) return { from, until: from + lengthMs };
  const last = lastAt.getTime();
  const heard = last >= from && last < from + lengthMs ? last : from + lengthMs / 2;
  const half = hourMs / 2;
  return { about: Math.round(heard / half) * half };
}

/** The middle of the turn that is expected next, by which its day is named; for turns of less than a day, its end. */
export function expectedAt({ expectedBy, lengthMs }: Expectation): number | null {
  if (expectedBy === null || lengthMs === 0) return expectedBy;
  return expectedBy - hourMs - lengthMs / 2;
}
