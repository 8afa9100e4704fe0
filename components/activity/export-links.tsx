import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import type { AuditFilter } from "@/lib/domain/audit-filter";
import { buttonStyle } from "../ui/button";
import { exportHref } from "./activity-href";

/** Downloads of the audit trail. Plain links: nothing is fetched before someone asks, because it is recorded. */
export function ExportLinks({ filter }: { readonly filter: AuditFilter }) {
  const t = useTranslations("activity.export");
  return (
    <nav aria-label={t("label")} className="flex flex-wrap items-center gap-2">
      {(["jsonl", "csv"] as const).map((format) => (
        <a key={format} href={exportHref(format, filter)} download className={buttonStyle("secondary", "md")}>
          <Download aria-hidden />
          {t(format)}
        </a>
      ))}
    </nav>
  );
}
