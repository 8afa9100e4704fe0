import { barParts } from "@/components/traffic/scale";

interface ReasonBarsProps {
  /** Oldest first. */
  readonly values: readonly { readonly at: number; readonly label: string; readonly requests: number }[];
  /** Requests at the upper edge. */
  readonly top: number;
}

const slot = 10;
const margin = 1.25;

/** Rejected requests by hour or day. Decoration for those who see: the table holds the numbers. */
export function ReasonBars({ values, top }: ReasonBarsProps) {
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${values.length * slot} 100`}
      preserveAspectRatio="none"
      className="block h-6 w-full border-line border-b max-sm:col-span-2"
    >
      {values.map(({ at, label, requests }, index) => {
        const height = barParts(0, requests, top).rejected;
        const bar = { x: index * slot + margin, width: slot - 2 * margin };
        return (
          <g key={at}>
            <title>{`${label}: ${requests}`}</title>
            <rect x={index * slot} y={0} width={slot} height={100} className="fill-transparent" />
            <rect {...bar} y={100 - height} height={height} className="fill-bad" />
          </g>
        );
      })}
    </svg>
  );
}
