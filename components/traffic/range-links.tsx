import Link from "next/link";
import { useTranslations } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import { type TrafficRange, trafficRanges } from "@/lib/domain/traffic";

interface RangeLinksProps {
  readonly range: TrafficRange;
  /** Where each range is shown. */
  readonly href: (range: TrafficRange) => string;
}

/** How far back the chart looks; links, so that each can be kept and works without JavaScript. */
export function RangeLinks({ range, href }: RangeLinksProps) {
  const t = useTranslations("traffic.range");
  return (
    <nav aria-label={t("label")} className="flex rounded-md border border-line bg-sunken p-0.5">
      {trafficRanges.map((each) => (
        <Link
          key={each}
          href={href(each)}
          scroll={false}
          prefetch={false}
          aria-current={each === range ? "true" : undefined}
          className={classNames(
            "whitespace-nowrap rounded-md px-2.5 py-1 text-xs",
            each === range ? "bg-surface font-semibold text-text" : "text-muted hover:text-text",
          )}
        >
          {t(each)}
        </Link>
      ))}
    </nav>
  );
}
