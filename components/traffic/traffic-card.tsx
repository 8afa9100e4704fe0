import { useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import type { TrafficRange, TrafficView } from "@/lib/domain/traffic";
import { RangeLinks } from "./range-links";
import { TrafficChart } from "./traffic-chart";
import { TrafficLegend } from "./traffic-legend";
import { TrafficTable } from "./traffic-table";

interface TrafficCardProps {
  readonly traffic: TrafficView;
  /** The page it stands on; a range is chosen by its query `traffic`. */
  readonly path: string;
}

/** Calls accepted and rejected, by hour or day: the totals, the reasons, a chart and a table. */
export function TrafficCard({ traffic, path }: TrafficCardProps) {
  const t = useTranslations("traffic");
  const { accepted, rejected, range } = traffic;
  const none = accepted + rejected === 0;
  const href = (each: TrafficRange) => (each === "day" ? path : `${path}?traffic=${each}`);
  return (
    <Card aria-labelledby="traffic">
      <CardHead
        id="traffic"
        title={t("title")}
        description={none && t(`none.${range}`)}
        aside={<RangeLinks range={range} href={href} />}
      />
      {!none && (
        <>
          <CardBody className="grid gap-6 pt-0 md:pt-0">
            <TrafficLegend traffic={traffic} />
            <TrafficChart traffic={traffic} />
          </CardBody>
          <TrafficTable traffic={traffic} />
        </>
      )}
    </Card>
  );
}
