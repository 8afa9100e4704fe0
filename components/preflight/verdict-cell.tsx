import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CallerView } from "@/lib/domain/caller-view";
import { isLiveToken } from "@/lib/domain/seen-token";
import { VerdictPill } from "./verdict-pill";

/** A caller's verdict, and what it sends. */
export function VerdictCell({ caller }: { readonly caller: CallerView }) {
  return (
    <>
      <VerdictPill verdict={caller.verdict} />
      <Why caller={caller} />
    </>
  );
}

function Why({ caller: { verdict, lastToken, notLiveAt, rotation } }: { readonly caller: CallerView }) {
  const t = useTranslations("preflight.why");
  const style = "mt-1 block text-pretty text-muted text-xs";
  if (verdict === "quiet" || lastToken === "none") return null;
  if (verdict === "rejected" && isLiveToken(lastToken) && notLiveAt) {
    return (
      <span className={style}>
        {t("mixes")}, <RelativeTime date={notLiveAt} />
      </span>
    );
  }
  return <span className={style}>{t(isLiveToken(lastToken) ? (rotation ?? "token") : lastToken)}</span>;
}
