import { useFormatter } from "next-intl";

interface DateTimeProps {
  readonly date: Date;
  /** "date" leaves the time of day out. */
  readonly precision?: "date" | "minute";
}

/** A date in the reader's locale and time zone; the exact time on hover. */
export function DateTime({ date, precision = "minute" }: DateTimeProps) {
  const format = useFormatter();
  const shown = format.dateTime(date, {
    dateStyle: "medium",
    ...(precision === "minute" ? { timeStyle: "short" } : {}),
  });
  return (
    <time
      dateTime={date.toISOString()}
      title={format.dateTime(date, { dateStyle: "full", timeStyle: "long" })}
    >
      {shown}
    </time>
  );
}
