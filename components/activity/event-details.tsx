import { ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { AuditDetails, AuditEntry } from "@/lib/domain/audit-event";

type Value = AuditDetails[string];

/** Everything that is recorded of an event, behind one click. */
export function EventDetails({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations("activity");
  const format = useFormatter();
  const { seq, at, actor, address, userAgent, targetType, targetId, details, hash } = entry;
  return (
    <details className="group mt-1 ml-10 text-xs">
      <summary className="inline-flex min-h-6 items-center gap-1 text-muted hover:text-text [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {t("details.show")}
        <span className="sr-only"> {seq}</span>
      </summary>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 [overflow-wrap:anywhere]">
        <Fact name={t("details.number")}>{seq}</Fact>
        <Fact name={t("details.time")}>
          {format.dateTime(at, { dateStyle: "medium", timeStyle: "long" })}
        </Fact>
        <Fact name={t("details.actor")}>{actor || t("nobody")}</Fact>
        <Fact name={t("details.address")}>{address === "unknown" ? t("unknownAddress") : address}</Fact>
        {userAgent && <Fact name={t("details.program")}>{userAgent}</Fact>}
        {targetType && (
          <Fact name={t("details.target")}>
            {targetType} {targetId && <code>{targetId}</code>}
          </Fact>
        )}
        {Object.entries(details).map(([key, value]) => (
          <DetailFact key={key} name={key} value={value} />
        ))}
        <Fact name={t("details.hash")}>
          <code className="break-all">{hash}</code>
        </Fact>
      </dl>
    </details>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** One fact of an event's own; one that has no name in the catalogue is shown under its own. */
function DetailFact({ name, value }: { readonly name: string; readonly value: Value | undefined }) {
  const t = useTranslations("activity.details");
  const format = useFormatter();
  const known = `fact.${name}` as Parameters<typeof t>[0];
  const words = () => {
    if (typeof value === "boolean") return t(value ? "true" : "false");
    if (typeof value === "number") return format.number(value);
    return value || t("none");
  };
  return <Fact name={t.has(known) ? t(known) : name}>{words()}</Fact>;
}
