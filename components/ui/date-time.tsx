import { useFormatter } from "next-intl";

interface DateTimeProps {
  readonly date: Date;
  /** "date" leaves the time of day out, "day" the year too. */
  readonly precision?: keyof typeof styles;
}

const styles = {
  day: { month: "short", day: "numeric" },
  date: { dateStyle: "medium" },
  minute: { dateStyle: "medium", timeStyle: "short" },
} as const;

/** A date in the reader's locale and time zone; the exact time on hover. */
export function DateTime({ date, precision = "minute" }: DateTimeProps) {
  const format = useFormatter();
  const shown = format.dateTime(date, styles[precision]);
  return (
    <time
      dateTime={date.toISOString()}
      title={format.dateTime(date, { dateStyle: "full", timeStyle: "long" })}
    >
      {shown}
    </time>
  );
}
