import { useTranslations } from "next-intl";
import type { AuditEntry } from "@/lib/domain/audit-event";
import { EventIcon } from "../activity/event-icon";
import { EventSentence } from "../activity/event-sentence";
import { Card, CardHead } from "../ui/card";
import { TextLink } from "../ui/link";
import { RelativeTime } from "../ui/relative-time";

/** The newest events in short. */
export function RecentEvents({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const t = useTranslations("overview.recent");
  return (
    <Card aria-labelledby="recent">
      <CardHead id="recent" title={t("title")} aside={<TextLink href="/activity">{t("all")}</TextLink>} />
      <ul className="border-line border-t">
        {entries.map((entry) => (
          <li
            key={entry.seq}
            className="flex items-center gap-3 border-line px-4 py-3 not-last:border-b md:px-6"
          >
            <EventIcon about={entry.targetType} />
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
              <p className="min-w-0 text-pretty">
                <EventSentence entry={entry} />
              </p>
              <p className="text-muted text-xs">
                <RelativeTime date={entry.at} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
