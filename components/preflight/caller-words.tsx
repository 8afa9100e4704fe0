import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import { WrapText } from "@/components/ui/text";
import type { CallerLabel, CallerView } from "@/lib/domain/caller-view";
import { isSilent } from "@/lib/domain/preflight";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import { placeholderToolOf } from "@/lib/domain/presented-token";

/** What a caller is called: its name, else its program. */
export function useCallerTitle(): (caller: Pick<CallerLabel, "name" | "agent" | "others">) => string {
  const t = useTranslations("preflight");
  return ({ name, agent, others }) => {
    if (others) return t("others");
    return name ?? (agent === "" ? t("noAgent") : agent);
  };
}

interface CallerWhoProps {
  readonly caller: CallerLabel & { readonly userAgent: string };
}

/** Name or program, the program again under a name, and the address; the full user agent on hover. */
export function CallerWho({ caller }: CallerWhoProps) {
  const t = useTranslations("preflight");
  const title = useCallerTitle();
  const { name, agent, address, others, userAgent } = caller;
  return (
    <>
      <span className="font-semibold wrap-anywhere" title={userAgent || undefined}>
        {title(caller)}
      </span>
      <span className="block text-muted text-xs wrap-break-word">
        {others ? (
          t("othersHint")
        ) : (
          <>
            {name !== null && agent !== "" && `${agent} · `}
            <span className="font-mono">
              <WrapText>{address ?? t("noAddress")}</WrapText>
            </span>
          </>
        )}
      </span>
    </>
  );
}

interface CallerWhyProps {
  readonly caller: Pick<CallerView, "agent" | "verdict" | "lastToken" | "notLiveAt"> &
    Partial<Pick<CallerView, "rotation">>;
  readonly className?: string;
}

/** What a caller sends, in a few words, or why that is not known. */
export function CallerWhy({ caller, className }: CallerWhyProps) {
  const t = useTranslations("preflight.why");
  const sent = useTranslations("preflight.sent");
  const tool = useTranslations("preflight.tool");
  const { verdict, lastToken, notLiveAt, rotation, agent } = caller;
  const words = () => {
    if (verdict === "rejected" && (isLiveToken(lastToken) || lastToken === "none") && notLiveAt) {
      return (
        <>
          {t(lastToken === "none" ? "before" : "mixes")}, <RelativeTime date={notLiveAt} />
        </>
      );
    }
    if (isSilent(verdict) && lastToken !== "none") {
      return (
        <>
          {sent(lastToken)}, {t("silent")}
        </>
      );
    }
    if (lastToken === "placeholder") return `${t("placeholder")} ${tool(placeholderToolOf(agent))}`;
    return t(isLiveToken(lastToken) ? (rotation ?? "token") : lastToken);
  };
  return <span className={className}>{words()}</span>;
}
