import { useFormatter } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import type { TrafficRange, TrafficView } from "@/lib/domain/traffic";
import { axisTop } from "./scale";
import { TrafficBars } from "./traffic-bars";

/** Under the bars: a label for every so many of them, each at the first bar it stands for. */
const axes = {
  day: { every: 6, columns: "grid-cols-4", form: { hour: "numeric", minute: "2-digit" } },
  week: { every: 1, columns: "grid-cols-7 text-center", form: { weekday: "short" } },
  month: { every: 6, columns: "grid-cols-5", form: { month: "short", day: "numeric" } },
} as const satisfies Readonly<Record<TrafficRange, object>>;

/** Calls by hour or day as bars with axes. Decoration for those who see; the table holds the numbers. */
export function TrafficChart({ traffic }: { readonly traffic: TrafficView }) {
  const format = useFormatter();
  const { buckets, range } = traffic;
  const top = axisTop(Math.max(...buckets.map(({ accepted, rejected }) => accepted + rejected)));
  const { every, columns, form } = axes[range];
  return (
    <div className="grid grid-cols-[auto_1fr] gap-x-2 gap-y-1 text-muted text-xs tabular-nums">
      <div aria-hidden className="-my-2 flex flex-col justify-between text-right">
        {[top, top / 2, 0].map((value) => (
          <span key={value}>{format.number(value, { notation: "compact" })}</span>
        ))}
      </div>
      <TrafficBars traffic={traffic} top={top} className="block h-36 w-full" />
      <div aria-hidden className={classNames("col-start-2 grid whitespace-nowrap", columns)}>
        {buckets
          .filter((_, index) => index % every === 0)
          .map(({ start }) => (
            <span key={start.getTime()}>{format.dateTime(start, form)}</span>
          ))}
      </div>
    </div>
  );
}
