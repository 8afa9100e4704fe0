import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { AuditEntry } from "@/lib/domain/audit-event";

/** What happened, as a sentence of the catalogue. */
export function EventSentence({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations("activity.action");
  const { details } = entry;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const count = (value: unknown): number => (typeof value === "number" ? value : 0);
  return t.rich(entry.action, {
    target: entry.targetLabel ?? "",
    from: text(details.from),
    to: text(details.to),
    by: text(details.by),
    via: text(details.via),
    lastFour: text(details.lastFour),
    count: count(details.count),
    instances: count(details.instances),
    events: count(details.events),
    format: text(details.format),
    permission: text(details.permission),
    flag: String(details.part ?? details.last ?? false),
    b: (chunks: ReactNode) => <b className="font-semibold [overflow-wrap:anywhere]">{chunks}</b>,
    code: (chunks: ReactNode) => <code>{chunks}</code>,
  });
}
