import { useTranslations } from "next-intl";
import type { TrafficBucket, TrafficView } from "@/lib/domain/traffic";
import { barParts } from "./scale";
import { useBucketLabel } from "./use-bucket-label";

interface TrafficBarsProps {
  readonly traffic: TrafficView;
  /** Requests at the upper edge. */
  readonly top: number;
  readonly className?: string;
}

const slot = 10;
const margin = 1.25;

/** One bar for each hour or day, rejected calls on top of accepted ones; numbers on hover. */
export function TrafficBars({ traffic, top, className }: TrafficBarsProps) {
  const t = useTranslations("traffic.chart");
  const { buckets, unit } = traffic;
  const width = buckets.length * slot;
  return (
    <svg
      role="img"
      aria-label={t(unit)}
      viewBox={`0 0 ${width} 100`}
      preserveAspectRatio="none"
      className={className}
    >
      {[0.5, 50, 99.5].map((y) => (
        <line
          key={y}
          x1={0}
          x2={width}
          y1={y}
          y2={y}
          vectorEffect="non-scaling-stroke"
          className="stroke-line"
        />
      ))}
      {buckets.map((bucket, index) => (
        <Bar key={bucket.start.getTime()} bucket={bucket} unit={unit} x={index * slot} top={top} />
      ))}
    </svg>
  );
}

interface BarProps {
  readonly bucket: TrafficBucket;
  readonly unit: TrafficView["unit"];
  readonly x: number;
  readonly top: number;
}

function Bar({ bucket: { start, accepted, rejected }, unit, x, top }: BarProps) {
  const t = useTranslations("traffic.chart");
  const label = useBucketLabel(unit);
  const parts = barParts(accepted, rejected, top);
  const bar = { x: x + margin, width: slot - 2 * margin };
  return (
    <g className="group">
      <title>{t("bar", { when: label(start), accepted, rejected })}</title>
      <rect x={x} y={0} width={slot} height={100} className="fill-transparent group-hover:fill-sunken" />
      <rect {...bar} y={100 - parts.accepted} height={parts.accepted} className="fill-accent" />
      <rect {...bar} y={100 - parts.accepted - parts.rejected} height={parts.rejected} className="fill-bad" />
    </g>
  );
}
