import { useTranslations } from "next-intl";
import type { AuditEntry } from "@/lib/domain/audit-event";
import { DataTable, TableCell, TableRow } from "../ui/list";
import { RelativeTime } from "../ui/relative-time";
import { EventDetails } from "./event-details";
import { EventIcon } from "./event-icon";
import { EventSentence } from "./event-sentence";
import { AddressText, ProgramName } from "./origin-text";

/** On narrow screens these lines stand small under the sentence and speak for themselves. */
const detail = "max-sm:pl-10 max-sm:text-muted max-sm:text-xs";

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
          <TableCell className="sm:min-w-52">
            <span className="flex items-center gap-3">
              <EventIcon about={entry.targetType} />
              <span className="min-w-0 text-pretty">
                <EventSentence entry={entry} />
              </span>
            </span>
            <EventDetails entry={entry} />
          </TableCell>
          <TableCell className={`${detail} sm:min-w-32`}>
            <span className="[overflow-wrap:anywhere]">{entry.actor || t("nobody")}</span>
          </TableCell>
          <TableCell className={`${detail} sm:min-w-36`}>
            <AddressText address={entry.address} />
            <span className="text-muted text-xs max-sm:before:content-['_·_'] sm:block">
              <ProgramName userAgent={entry.userAgent} />
            </span>
          </TableCell>
          <TableCell className={`${detail} sm:whitespace-nowrap`}>
            <RelativeTime date={entry.at} />
          </TableCell>
        </TableRow>
      ))}
    </DataTable>
  );
}
