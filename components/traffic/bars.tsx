import { useFormatter } from "next-intl";
import { classNames } from "@/components/ui/class-names";

/** The top of an axis for values up to `most`: a round number at or above it whose half is whole too. */
export function axisTop(most: number): number {
  let power = 1;
  while (power * 10 < most) power *= 10;
  const step = [2, 4, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return step * power;
}

/** The least height of a part that is not zero, so that one rejection among thousands is seen. */
const leastHeight = 2.5;

/**
 * Heights of a bar's parts in percent of the axis: in proportion, but what is there is seen, and the bar stays within
 * the axis.
 */
export function barParts(lower: number, upper: number, top: number) {
  const height = (requests: number) => (requests === 0 ? 0 : Math.max((100 * requests) / top, leastHeight));
  const above = height(upper);
  return { lower: Math.min(height(lower), 100 - above), upper: above };
}

const forms = {
  hour: { weekday: "short", hour: "numeric", minute: "2-digit" },
  day: { weekday: "short", month: "short", day: "numeric" },
} as const;

/** Writes which hour or day it is that begins then, in the reader's locale and time zone. */
export function useBucketLabel(unit: "hour" | "day"): (start: Date) => string {
  const format = useFormatter();
  return (start) => format.dateTime(start, forms[unit]);
}

/** Requests of one hour or day: those in the upper part of its bar stand on the rest. */
interface BarValue {
  readonly start: Date;
  readonly lower: number;
  readonly upper: number;
  /** What the bar says on hover. */
  readonly title: string;
}

interface BarsProps {
  /** Oldest first. */
  readonly values: readonly BarValue[];
  /** Requests at the upper edge. */
  readonly top: number;
  /** What a screen reader calls the chart; null: it is decoration. */
  readonly label: string | null;
  /** Lines at the top, the middle and the bottom. */
  readonly grid?: boolean;
  readonly lowerColor?: string;
  readonly upperColor: string;
  readonly className: string;
}

const slot = 10;
const margin = 1.25;

/** A bar for each hour or day, with numbers on hover. */
export function Bars({ values, top, label, grid, lowerColor, upperColor, className }: BarsProps) {
  const width = values.length * slot;
  return (
    <svg
      role="img"
      aria-label={label ?? undefined}
      aria-hidden={label === null}
      viewBox={`0 0 ${width} 100`}
      preserveAspectRatio="none"
      className={classNames("block", className)}
    >
      {grid &&
        [0.5, 50, 99.5].map((y) => (
          <path key={y} d={`M0 ${y}H${width}`} vectorEffect="non-scaling-stroke" className="stroke-line" />
        ))}
      {values.map(({ start, title, ...value }, index) => {
        const { lower, upper } = barParts(value.lower, value.upper, top);
        const bar = { x: index * slot + margin, width: slot - 2 * margin };
        return (
          <g key={start.getTime()} className="group">
            <title>{title}</title>
            <rect
              x={index * slot}
              width={slot}
              height={100}
              className="fill-transparent group-hover:fill-sunken"
            />
            {lower > 0 && <rect {...bar} y={100 - lower} height={lower} className={lowerColor} />}
            {upper > 0 && <rect {...bar} y={100 - lower - upper} height={upper} className={upperColor} />}
          </g>
        );
      })}
    </svg>
  );
}
