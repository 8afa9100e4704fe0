import { useFormatter } from "next-intl";

type Unit = "hour" | "day";

const forms = {
  axis: {
    hour: { hour: "numeric", minute: "2-digit" },
    day: { month: "short", day: "numeric" },
  },
  full: {
    hour: { weekday: "short", hour: "numeric", minute: "2-digit" },
    day: { weekday: "short", month: "short", day: "numeric" },
  },
} as const;

/** Writes the start of an hour or a day in the reader's locale and time zone: short for an axis, or in full. */
export function useBucketLabel(unit: Unit): (start: Date, form: keyof typeof forms) => string {
  const format = useFormatter();
  return (start, form) => format.dateTime(start, forms[form][unit]);
}
