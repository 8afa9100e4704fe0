import { useTranslations } from "next-intl";
import type { AuditEntry } from "@/lib/domain/audit-event";
import { RelativeTime } from "../ui/relative-time";
import { DataTable, TableCell, TableRow } from "../ui/table";
import { EventIcon } from "./event-icon";
import { EventSentence } from "./event-sentence";
import { AddressText, ProgramName } from "./origin-text";

/** Events, newest first: what, who, from where, when. */
export function EventTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const t = useTranslations("activity");
  const columns = (["what", "who", "where", "when"] as const).map((id) => ({
    id,
    label: t(`columns.${id}`),
  }));
  return (
    <DataTable caption={t("caption")} columns={columns}>
      {entries.map((entry) => (
        <TableRow key={entry.seq}>
          <TableCell className="max-sm:mb-1">
            <span className="flex items-center gap-3">
              <EventIcon about={entry.targetType} />
              <span className="min-w-0 text-pretty">
                <EventSentence entry={entry} />
              </span>
            </span>
          </TableCell>
          <TableCell label={t("columns.who")} className="[overflow-wrap:anywhere] sm:max-w-56">
            {entry.actor || t("nobody")}
          </TableCell>
          <TableCell label={t("columns.where")}>
            <AddressText address={entry.address} />
            <span className="block text-muted text-xs">
              <ProgramName userAgent={entry.userAgent} />
            </span>
          </TableCell>
          <TableCell label={t("columns.when")} className="sm:whitespace-nowrap">
            <RelativeTime date={entry.at} />
          </TableCell>
        </TableRow>
      ))}
    </DataTable>
  );
}
