import { useTranslations } from "next-intl";
import { RangeLinks } from "@/components/traffic/range-links";
import { TrafficTable } from "@/components/traffic/traffic-table";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { SegmentLinks } from "@/components/ui/link";
import { type RejectedView, rejectedCharts } from "@/lib/domain/rejection";
import { LineRows } from "./line-rows";
import { ReasonRows } from "./reason-rows";
import { rejectedHref } from "./rejected-href";

/** Rejected requests by hour or day and reason, caller or instance: the bars, a table, and how far back. */
export function RejectedChart({ view }: { readonly view: RejectedView }) {
  const t = useTranslations("rejected.by");
  const reasonText = useTranslations("traffic.reason");
  const { traffic, filter } = view;
  const { range, unit, rejected } = traffic;
  const { by, reason } = filter;
  const ranges = <RangeLinks range={range} href={(each) => rejectedHref({ ...filter, range: each })} />;
  if (rejected === 0) return <div className="mb-5 flex">{ranges}</div>;
  const charts = rejectedCharts.map((key) => ({
    key,
    text: t(`${key}.name`),
    href: rejectedHref({ ...filter, range, by: key }),
  }));
  return (
    <Card aria-labelledby="rejected-chart">
      <CardHead
        id="rejected-chart"
        title={t("title")}
        description={
          <>
            {t(`${by}.${unit}`)}{" "}
            {by !== "reason" && reason !== null && t("only", { reason: reasonText(reason) })}
          </>
        }
        aside={ranges}
      />
      <CardBody className="grid gap-3 px-1 pt-0 md:px-3 md:pt-0">
        <div className="flex px-3 md:px-0">
          <SegmentLinks label={t("label")} items={charts} current={by} />
        </div>
        {by === "reason" ? <ReasonRows view={view} /> : <LineRows view={view} by={by} />}
      </CardBody>
      <TrafficTable traffic={traffic} />
    </Card>
  );
}
