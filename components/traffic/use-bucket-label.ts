import { useFormatter } from "next-intl";

const forms = {
  hour: { weekday: "short", hour: "numeric", minute: "2-digit" },
  day: { weekday: "short", month: "short", day: "numeric" },
} as const;

/** Writes which hour or day it is that begins then, in the reader's locale and time zone. */
export function useBucketLabel(unit: "hour" | "day"): (start: Date) => string {
  const format = useFormatter();
  return (start) => format.dateTime(start, forms[unit]);
}
