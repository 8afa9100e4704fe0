import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { axisTop } from "@/components/traffic/scale";
import { useBucketLabel } from "@/components/traffic/use-bucket-label";
import { classNames } from "@/components/ui/class-names";
import type { TrafficBucket, TrafficReason, TrafficView } from "@/lib/domain/traffic";
import { ReasonBars } from "./reason-bars";

interface ReasonRowsProps {
  readonly traffic: TrafficView;
  /** The one whose callers are listed; null: all. */
  readonly chosen: TrafficReason | null;
  readonly href: (reason: TrafficReason | null) => string;
}

const columns = "grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[17rem_4rem_minmax(0,1fr)] gap-x-4 px-3";

function countOf(bucket: TrafficBucket, reason: TrafficReason | null): number {
  if (reason === null) return bucket.rejected;
  return bucket.reasons.find((each) => each.reason === reason)?.requests ?? 0;
}

/** One line of bars for each reason, all to one scale; links, so that each narrows the list without JavaScript. */
export function ReasonRows({ traffic, chosen, href }: ReasonRowsProps) {
  const t = useTranslations("rejected.by");
  const reasonText = useTranslations("traffic.reason");
  const format = useFormatter();
  const label = useBucketLabel(traffic.unit);
  const { buckets, rejected, reasons } = traffic;
  const top = axisTop(Math.max(...buckets.map((bucket) => bucket.rejected)));
  const all = [{ reason: null, requests: rejected }, ...reasons];
  const first = buckets[0]?.start;
  return (
    <nav aria-label={t("label")}>
      <ul className="grid gap-0.5">
        {all.map(({ reason, requests }) => (
          <li key={reason ?? "all"}>
            <Link
              href={href(reason)}
              scroll={false}
              prefetch={false}
              aria-current={reason === chosen ? "true" : undefined}
              className={classNames(
                columns,
                "items-end gap-y-1 rounded-md border py-1.5",
                reason === chosen
                  ? "border-accent bg-accent-soft font-semibold"
                  : "border-transparent hover:bg-sunken",
              )}
            >
              <span className="min-w-0">{reason === null ? t("all") : reasonText(reason)}</span>
              <span className="text-right tabular-nums">{format.number(requests)}</span>
              <ReasonBars
                values={buckets.map((bucket) => ({
                  at: bucket.start.getTime(),
                  label: label(bucket.start),
                  requests: countOf(bucket, reason),
                }))}
                top={top}
              />
            </Link>
          </li>
        ))}
      </ul>
      {first && (
        <div aria-hidden className={classNames(columns, "mt-1 text-muted text-xs")}>
          <p className="col-span-2 flex justify-between sm:col-span-1 sm:col-start-3">
            <span>{label(first)}</span>
            <span>{t("now")}</span>
          </p>
        </div>
      )}
    </nav>
  );
}
