const hourMs = 3_600_000;
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
