import { useTranslations } from "next-intl";
import { SegmentLinks } from "@/components/ui/link";
import { type TrafficRange, trafficRanges } from "@/lib/domain/traffic";

interface RangeLinksProps {
  readonly range: TrafficRange;
  /** Where each range is shown. */
  readonly href: (range: TrafficRange) => string;
}

/** How far back the chart looks. */
export function RangeLinks({ range, href }: RangeLinksProps) {
  const t = useTranslations("traffic.range");
  const items = trafficRanges.map((key) => ({ key, text: t(key), href: href(key) }));
  return <SegmentLinks label={t("label")} items={items} current={range} />;
}
