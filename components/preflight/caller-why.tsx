import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CallerView } from "@/lib/domain/caller-view";
import { isLiveToken } from "@/lib/domain/seen-token";

interface CallerWhyProps {
  readonly caller: Pick<CallerView, "verdict" | "lastToken" | "notLiveAt"> &
    Partial<Pick<CallerView, "rotation">>;
  readonly className?: string;
}

/** What a caller sends, in a few words; nothing where that is not known. */
export function CallerWhy({ caller, className }: CallerWhyProps) {
  const t = useTranslations("preflight.why");
  const { verdict, lastToken, notLiveAt, rotation } = caller;
  if (verdict === "quiet" || lastToken === "none") return null;
  if (verdict === "rejected" && isLiveToken(lastToken) && notLiveAt) {
    return (
      <span className={className}>
        {t("mixes")}, <RelativeTime date={notLiveAt} />
      </span>
    );
  }
  return <span className={className}>{t(isLiveToken(lastToken) ? (rotation ?? "token") : lastToken)}</span>;
}
