import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { type Expectation, expectedAt, timeOfDay } from "@/lib/domain/rhythm";

type Words = ReturnType<typeof useTranslations<"preflight.rhythm">>;

/** The reader's language and clock. */
interface Reader {
  readonly t: Words;
  readonly format: ReturnType<typeof useFormatter>;
  readonly timeZone: string;
}

interface Expected {
  readonly expectation: Expectation | null;
  readonly lastSeenAt: Date;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** So soon, a time of day says more than the name of the day. */
const soonMs = 12 * hourMs;

/** The reader's calendar day that a moment is in, in days since 1970. */
function dayOf(at: number, timeZone: string): number {
  return Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at)) / dayMs;
}

/** Whether a moment lies between ten in the evening and six in the morning of the reader. */
function isNight(at: number, timeZone: string): boolean {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  const hour = Number(clock.format(at));
  return hour >= 22 || hour < 6;
}

/** Monday to Friday, of days since 1970, which was a Thursday. */
function isWorkingWeek(days: readonly number[]): boolean {
  return days.length === 5 && days.every((day) => (day + 3) % 7 < 5);
}

/** How often a caller calls: "calls nightly about 03:00". */
function oftenWords({ t, format, timeZone }: Reader, expectation: Expectation, lastSeenAt: Date): string {
  const { kind, everyMs, from, lengthMs, days } = expectation;
  const clock = (at: number) => format.dateTime(new Date(at), { timeStyle: "short" });
  const weekday = (at: number, style: "short" | "long") =>
    format.dateTime(new Date(at + lengthMs / 2), { weekday: style });
  const of = timeOfDay(expectation, lastSeenAt) ?? { about: 0 };
  const about = "about" in of ? of.about : null;
  const when =
    "about" in of
      ? t("about", { time: clock(of.about) })
      : t("between", { from: clock(of.from), until: clock(of.until) });
  switch (kind) {
    case "minutes":
      return t("minutes", { count: Math.max(1, Math.round(everyMs / minuteMs)) });
    case "hours":
      return t("hours", { count: Math.round(everyMs / hourMs) });
    case "daily":
      return t("daily", { part: about !== null && isNight(about, timeZone) ? "night" : "day", when });
    case "days":
      if (isWorkingWeek(days.map((day) => dayOf(day + lengthMs / 2, timeZone))))
        return t("weekdays", { when });
      return t("days", { days: format.list(days.map((day) => weekday(day, "short"))), when });
    case "weekly":
      return t("weekly", { day: weekday(from, "long"), when });
    case "unknown":
      return t("rarely");
    default:
      return t(kind);
  }
}

/** When it is its turn: "expected tomorrow"; or how many it has missed. */
function turnWords({ t, format, timeZone }: Reader, expectation: Expectation): string[] {
  const { expectedBy, missed, overdue, at, everyMs } = expectation;
  if (overdue) return [t("gone", { missed })];
  const due = expectedAt(expectation);
  if (expectedBy === null || due === null) return [];
  const ofDays = everyMs >= dayMs;
  const until = dayOf(due, timeZone) - dayOf(at, timeZone);
  const words = () => {
    if (Math.abs(expectedBy - at) < soonMs)
      return t("by", { at: format.dateTime(new Date(expectedBy), { timeStyle: "short" }) });
    if (until === 0 || until === 1) return t(until === 0 ? "today" : "tomorrow");
    const style =
      until > 1 && until < 7 ? ({ weekday: "long" } as const) : ({ month: "short", day: "numeric" } as const);
    return t("on", { at: format.dateTime(new Date(due), style) });
  };
  if (missed === 0) return [t("expected", { when: words() })];
  return ofDays
    ? [t("missed", { missed }), t("expected", { when: words() })]
    : [t("wasExpected", { when: words() })];
}

/**
 * How often a caller calls and when it is its turn, in the reader's time zone. Empty for a rhythm that nobody knows.
 */
export function rhythmWords(reader: Reader, { expectation, lastSeenAt }: Expected): string[] {
  if (!expectation || expectation.kind === "unknown") return [];
  return [oftenWords(reader, expectation, lastSeenAt), ...turnWords(reader, expectation)];
}

interface CallerRhythmProps {
  readonly caller: Expected;
  /** Says only when it is its turn. */
  readonly turnOnly?: boolean;
  readonly className?: string;
}

/** "calls nightly about 03:00 · expected tomorrow"; nothing for a rhythm that nobody knows. */
export function CallerRhythm({ caller, turnOnly = false, className }: CallerRhythmProps) {
  const t = useTranslations("preflight.rhythm");
  const format = useFormatter();
  const timeZone = useTimeZone() ?? "UTC";
  const words = rhythmWords({ t, format, timeZone }, caller).slice(turnOnly ? 1 : 0);
  return words.length > 0 && <span className={className}>{words.join(" · ")}</span>;
}
