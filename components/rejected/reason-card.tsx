import { useTranslations } from "next-intl";
import { RangeLinks } from "@/components/traffic/range-links";
import { TrafficTable } from "@/components/traffic/traffic-table";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import type { RejectedView } from "@/lib/domain/rejection-view";
import { ReasonRows } from "./reason-rows";
import { rejectedHref } from "./rejected-href";

/** Rejected requests by hour or day and reason: the bars, a table, and how far back. */
export function ReasonCard({ view: { traffic, filter } }: { readonly view: RejectedView }) {
  const t = useTranslations("rejected.by");
  const { range, unit, rejected } = traffic;
  const ranges = <RangeLinks range={range} href={(each) => rejectedHref({ ...filter, range: each })} />;
  if (rejected === 0) return <div className="mb-5 flex">{ranges}</div>;
  return (
    <Card aria-labelledby="by-reason">
      <CardHead id="by-reason" title={t("title")} description={t(unit)} aside={ranges} />
      <CardBody className="px-1 pt-0 md:px-3 md:pt-0">
        <ReasonRows
          traffic={traffic}
          chosen={filter.reason}
          href={(reason) => rejectedHref({ ...filter, range, reason })}
        />
      </CardBody>
      <TrafficTable traffic={traffic} />
    </Card>
  );
}
