import { useFormatter } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import type { LastDay } from "@/lib/domain/traffic";

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
 * Heights of a bar's parts in percent of the axis, from the bottom: in proportion, but what is there is seen, and the bar
 * stays within the axis: where all of it is full, the largest part gives way.
 */
export function barParts(parts: readonly number[], top: number): number[] {
  const heights = parts.map((each) => (each === 0 ? 0 : Math.max((100 * each) / top, leastHeight)));
  const excess = Math.max(0, heights.reduce((sum, each) => sum + each, 0) - 100);
  const largest = heights.indexOf(Math.max(...heights));
  return heights.map((each, index) => (index === largest ? each - excess : each));
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

/** Requests of one hour or day: those in the upper part of its bar stand on those in the middle, if any, and the rest. */
interface BarValue {
  readonly start: Date;
  readonly lower: number;
  readonly middle?: number;
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
  readonly middleColor?: string;
  readonly upperColor: string;
  readonly className: string;
}

const slot = 10;
const margin = 1.25;

/** A bar for each hour or day, with numbers on hover. */
export function Bars({ values, top, label, grid, className, ...colors }: BarsProps) {
  const width = values.length * slot;
  const fills = [colors.lowerColor, colors.middleColor, colors.upperColor];
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
      {values.map(({ start, title, lower, middle = 0, upper }, index) => {
        const bar = { x: index * slot + margin, width: slot - 2 * margin };
        let y = 100;
        return (
          <g key={start.getTime()} className="group">
            <title>{title}</title>
            <rect
              x={index * slot}
              width={slot}
              height={100}
              className="fill-transparent group-hover:fill-sunken"
            />
            {barParts([lower, middle, upper], top).map((height, part) => {
              if (height === 0) return null;
              y -= height;
              return <rect key={fills[part]} {...bar} y={y} height={height} className={fills[part]} />;
            })}
          </g>
        );
      })}
    </svg>
  );
}

interface SparkBarsProps {
  readonly day: LastDay;
  /** The same in words. */
  readonly label: string;
  readonly className: string;
}

/** Requests of 24 hours as bars without numbers, those rejected on top: small enough to stand in every row of a list. */
export function SparkBars({ day: { accepted, rejected }, label, className }: SparkBarsProps) {
  const hours = accepted.map((each, index) => [each, rejected[index] ?? 0] as const);
  const top = Math.max(1, ...hours.map(([lower, upper]) => lower + upper));
  const width = slot - 2 * margin;
  const lower: string[] = [];
  const upper: string[] = [];
  for (const [index, hour] of hours.entries()) {
    const [below = 0, above = 0] = barParts(hour, top).map(Math.round);
    const bar = (y: number, height: number) => `M${index * slot + margin} ${y}h${width}v${height}h-${width}z`;
    if (below > 0) lower.push(bar(100 - below, below));
    if (above > 0) upper.push(bar(100 - below - above, above));
  }
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${hours.length * slot} 100`}
      preserveAspectRatio="none"
      className={classNames("block", className)}
    >
      <title>{label}</title>
      <path d={lower.join("")} className="fill-accent" />
      <path d={upper.join("")} className="fill-bad" />
    </svg>
  );
}
