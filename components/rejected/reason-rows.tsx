import { useTranslations } from "next-intl";
import type { RejectedView } from "@/lib/domain/rejection";
import type { TrafficBucket, TrafficReason } from "@/lib/domain/traffic";
import { BarRows } from "./bar-rows";
import { rejectedHref } from "./rejected-href";

function countOf(bucket: TrafficBucket, reason: TrafficReason | null): number {
  if (reason === null) return bucket.rejected;
  return bucket.reasons.find((each) => each.reason === reason)?.requests ?? 0;
}

/** A line of bars for each reason. */
export function ReasonRows({ view: { traffic, filter } }: { readonly view: RejectedView }) {
  const t = useTranslations("rejected.by");
  const reasonText = useTranslations("traffic.reason");
  const { buckets, rejected, reasons, range } = traffic;
  const all = [{ reason: null, requests: rejected }, ...reasons];
  const rows = all.map(({ reason, requests }) => ({
    key: reason ?? "all",
    label: reason === null ? t("reason.all") : reasonText(reason),
    requests,
    values: buckets.map((bucket) => countOf(bucket, reason)),
    href: rejectedHref({ ...filter, range, reason }),
    chosen: reason === filter.reason,
  }));
  return <BarRows label={t("reason.label")} traffic={traffic} rows={rows} />;
}
