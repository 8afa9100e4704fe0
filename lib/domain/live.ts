/** What a page shows and goes on reading: what was read, in which account, and when reading began. */
export interface Reading<T> {
  readonly accountId: string;
  readonly at: Date;
  /** A page may read again so many milliseconds after it began to. */
  readonly restMs: number;
  readonly data: T;
}

/** From one reading of a page to its next, at least and at most; and as a multiple of the processor time it took. */
export const leastRestMs = 500;
const mostRestMs = 5000;
const restAfter = 25;

/** How long a page rests after a reading: the more it cost, the longer, so that no page takes more than its share. */
export function restAfterReading(processorMs: number): number {
  return Math.round(Math.min(mostRestMs, Math.max(leastRestMs, restAfter * processorMs)));
}

/** The first of some moments; null when there is none. */
export function soonest(moments: readonly (Date | null | undefined)[]): Date | null {
  const times = moments.flatMap((moment) => (moment ? [moment.getTime()] : []));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** How a date and a map are written: no view has a key like these. */
const [dateTag, mapTag] = ["$date", "$map"] as const;

/** Writes a reading as JSON, with its dates and maps. */
export function jsonOf<T>(reading: Reading<T>): string {
  return JSON.stringify(reading, function (this: Record<string, unknown>, key, written) {
    // A date has been written as text already.
    const value = this[key];
    if (value instanceof Date) return { [dateTag]: value.getTime() };
    return value instanceof Map ? { [mapTag]: [...value] } : written;
  });
}

/** Reads what `jsonOf` wrote. @throws SyntaxError for what is no JSON */
export function readingOf<T>(json: string): Reading<T> {
  return JSON.parse(json, (_, value) => {
    if (typeof value?.[dateTag] === "number") return new Date(value[dateTag]);
    return Array.isArray(value?.[mapTag]) ? new Map(value[mapTag]) : value;
  });
}
