import { useTranslations } from "next-intl";
import { axisTop, barParts } from "@/components/traffic/scale";
import { useBucketLabel } from "@/components/traffic/use-bucket-label";
import type { CallerHourView } from "@/lib/domain/caller-view";
import { hourSums } from "./caller-hours";

const slot = 10;
const margin = 1.5;

/** A caller's last 24 hours as bars: requests without the token on top of those with it. */
export function CallerSpark({ hours }: { readonly hours: readonly CallerHourView[] }) {
  const t = useTranslations("preflight.spark");
  const label = useBucketLabel("hour");
  const { live, other } = hourSums(hours);
  if (live + other === 0) return <span className="text-muted text-xs">{t("none")}</span>;
  const top = axisTop(Math.max(...hours.map((hour) => hour.live + hour.other)));
  return (
    <svg
      role="img"
      aria-label={t("label", { live, other })}
      viewBox={`0 0 ${hours.length * slot} 100`}
      preserveAspectRatio="none"
      className="block h-6 w-28 border-line border-b"
    >
      {hours.map((hour, index) => {
        const parts = barParts(hour.live, hour.other, top);
        const bar = { x: index * slot + margin, width: slot - 2 * margin };
        return (
          <g key={hour.start.getTime()}>
            <title>{t("hour", { when: label(hour.start), live: hour.live, other: hour.other })}</title>
            <rect {...bar} y={100 - parts.accepted} height={parts.accepted} className="fill-good" />
            <rect
              {...bar}
              y={100 - parts.accepted - parts.rejected}
              height={parts.rejected}
              className="fill-warn"
            />
          </g>
        );
      })}
    </svg>
  );
}
