import { useTranslations } from "next-intl";
import { RelativeTime } from "@/components/ui/relative-time";
import type { StoppedCaller } from "@/lib/domain/rejection";
import { CallerWho } from "./caller-who";
import { FixText } from "./fix-text";

/** One caller that stopped working: who, where, when last rejected, and what to do. */
export function StoppedRow({ caller }: { readonly caller: StoppedCaller }) {
  const t = useTranslations("rejected.watch");
  const { instanceId, instanceName, reason, mixes, others, rejectedAt } = caller;
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <div className="min-w-0">
        <CallerWho caller={caller} />
        <span className="block text-muted text-xs wrap-anywhere">{t("on", { instance: instanceName })}</span>
      </div>
      <div className="min-w-0 text-pretty">
        <p>
          <FixText reason={reason} instanceId={instanceId} agent={caller.agent} />
        </p>
        {mixes && <p className="text-muted">{t("mixes")}</p>}
        {others && <p className="text-muted">{t("folded")}</p>}
        <p className="text-muted text-xs">
          {t.rich("rejected", { when: () => <RelativeTime date={rejectedAt} /> })}
        </p>
      </div>
    </li>
  );
}
