import { ChevronRight } from "lucide-react";
import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { SegmentLinks } from "@/components/ui/link";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { type ReasonCounts, type TrafficRange, type TrafficView, trafficRanges } from "@/lib/domain/traffic";
import { useBucketLabel } from "./bars";

interface TrafficTableProps {
  readonly traffic: TrafficView;
  /** Whether accepted calls stand in two columns, with the token and without. */
  readonly hasToken: boolean;
}

/** The chart's numbers as a table, newest first; hours or days without calls are left out. */
export function TrafficTable({ traffic, hasToken }: TrafficTableProps) {
  const t = useTranslations("traffic");
  const format = useFormatter();
  const label = useBucketLabel(traffic.unit);
  const { unit, buckets } = traffic;
  const rows = buckets.filter(({ accepted, rejected }) => accepted + rejected > 0).reverse();
  return (
    <details className="group border-line border-t">
      <summary className="flex items-center gap-1.5 px-4 py-3 font-medium text-muted hover:text-text md:px-6 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("table.show")}
      </summary>
      <div className="border-line border-t">
        <DataTable
          caption={t(`table.${unit}`)}
          columns={[
            { id: "when", label: t(`table.when.${unit}`) },
            ...(hasToken
              ? [
                  { id: "token", label: t("withToken") },
                  { id: "tokenless", label: t("tokenless") },
                ]
              : [{ id: "accepted", label: t("accepted") }]),
            { id: "rejected", label: t("rejected") },
            { id: "reasons", label: t("table.reasons") },
          ]}
        >
          {rows.map(({ start, accepted, tokenless, rejected, reasons }) => (
            <TableRow key={start.getTime()}>
              <TableCell className="font-medium">
                <time dateTime={start.toISOString()}>{label(start)}</time>
              </TableCell>
              {hasToken ? (
                <>
                  <TableCell label={t("withToken")}>{format.number(accepted - tokenless)}</TableCell>
                  <TableCell label={t("tokenless")}>{format.number(tokenless)}</TableCell>
                </>
              ) : (
                <TableCell label={t("accepted")}>{format.number(accepted)}</TableCell>
              )}
              <TableCell label={t("rejected")}>{format.number(rejected)}</TableCell>
              <TableCell label={t("table.reasons")} className="text-muted">
                <Reasons reasons={reasons} />
              </TableCell>
            </TableRow>
          ))}
        </DataTable>
        <TableNote unit={unit} />
      </div>
    </details>
  );
}

function Reasons({ reasons }: { readonly reasons: ReasonCounts }) {
  const t = useTranslations("traffic");
  const format = useFormatter();
  if (reasons.length === 0) return t("table.noReasons");
  const counts = reasons.map(({ reason, requests }) =>
    t("table.reasonCount", { reason: t(`reason.${reason}`), requests }),
  );
  return format.list(counts, { type: "unit" });
}

function TableNote({ unit }: { readonly unit: TrafficView["unit"] }) {
  const t = useTranslations("traffic.table");
  const zone = (useTimeZone() ?? "UTC").replaceAll("_", " ");
  return <p className="px-4 py-3 text-muted text-xs md:px-6">{t(`note.${unit}`, { zone })}</p>;
}

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
