import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CallerView } from "@/lib/domain/caller-view";
import { isLiveToken } from "@/lib/domain/seen-token";

interface CallerWhyProps {
  readonly caller: Pick<CallerView, "verdict" | "lastToken" | "notLiveAt"> &
    Partial<Pick<CallerView, "rotation">>;
  readonly className?: string;
}

/** What a caller sends, in a few words, or why that is not known. */
export function CallerWhy({ caller, className }: CallerWhyProps) {
  const t = useTranslations("preflight.why");
  const { verdict, lastToken, notLiveAt, rotation } = caller;
  if (verdict === "rejected" && (isLiveToken(lastToken) || lastToken === "none") && notLiveAt) {
    return (
      <span className={className}>
        {t(lastToken === "none" ? "before" : "mixes")}, <RelativeTime date={notLiveAt} />
      </span>
    );
  }
  if (verdict === "quiet" && lastToken !== "none") return <span className={className}>{t("quiet")}</span>;
  return <span className={className}>{t(isLiveToken(lastToken) ? (rotation ?? "token") : lastToken)}</span>;
}
