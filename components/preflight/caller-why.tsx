import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CallerView } from "@/lib/domain/caller-view";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import { placeholderToolOf } from "@/lib/domain/presented-token";

interface CallerWhyProps {
  readonly caller: Pick<CallerView, "agent" | "verdict" | "lastToken" | "notLiveAt"> &
    Partial<Pick<CallerView, "rotation">>;
  readonly className?: string;
}

/** What a caller sends, in a few words, or why that is not known. */
export function CallerWhy({ caller, className }: CallerWhyProps) {
  const t = useTranslations("preflight.why");
  const tool = useTranslations("preflight.tool");
  const { verdict, lastToken, notLiveAt, rotation, agent } = caller;
  if (verdict === "rejected" && (isLiveToken(lastToken) || lastToken === "none") && notLiveAt) {
    return (
      <span className={className}>
        {t(lastToken === "none" ? "before" : "mixes")}, <RelativeTime date={notLiveAt} />
      </span>
    );
  }
  if (verdict === "quiet" && lastToken !== "none") return <span className={className}>{t("quiet")}</span>;
  if (lastToken === "placeholder") {
    return (
      <span className={className}>
        {t("placeholder")} {tool(placeholderToolOf(agent))}
      </span>
    );
  }
  return <span className={className}>{t(isLiveToken(lastToken) ? (rotation ?? "token") : lastToken)}</span>;
}
