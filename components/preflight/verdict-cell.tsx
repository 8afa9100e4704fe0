import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CallerView } from "@/lib/domain/caller-view";
import { VerdictPill } from "./verdict-pill";

/** A caller's verdict, and what it is about where the words alone do not say it. */
export function VerdictCell({ caller }: { readonly caller: CallerView }) {
  return (
    <>
      <VerdictPill verdict={caller.verdict} />
      <Why caller={caller} />
    </>
  );
}

function Why({ caller: { verdict, lastToken, notLiveAt } }: { readonly caller: CallerView }) {
  const t = useTranslations("preflight.why");
  const style = "mt-1 block text-pretty text-muted text-xs";
  if (verdict === "wrong_token" && lastToken !== "live" && lastToken !== "missing" && lastToken !== "none") {
    return <span className={style}>{t(lastToken)}</span>;
  }
  if (verdict === "rejected" && lastToken === "live" && notLiveAt) {
    return (
      <span className={style}>
        {t("mixes")}, <RelativeTime date={notLiveAt} />
      </span>
    );
  }
  return null;
}
