import { CircleAlert, CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CallerWho } from "@/components/preflight/caller-words";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { TextLink } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import type { StoppedCaller, WatchView } from "@/lib/domain/rejection";
import { FixText, rejectedHref } from "./rejected-links";

interface AfterActivationProps {
  readonly watch: WatchView;
  /** *Deactivate Token*; null for those who may not. */
  readonly deactivate: ReactNode;
}

const headingId = "after-activation";

/** For a day after an activation: who worked before and is rejected now, why, and what to do. */
export function AfterActivation({ watch, deactivate }: AfterActivationProps) {
  const t = useTranslations("rejected.watch");
  const { until, callers, total, more } = watch;
  const calm = callers.length === 0;
  const Icon = calm ? CircleCheck : CircleAlert;
  const when = () => <DateTime date={until} />;
  const rest = total - callers.length;
  return (
    <CardBody>
      <section aria-labelledby={headingId} className="grid gap-3">
        <div className={`rounded-md px-4 py-3 ${calm ? "bg-good-soft" : "bg-bad-soft"}`}>
          <h3 id={headingId} className="text-muted text-xs">
            {t("title")}
          </h3>
          <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-3">
            <div className="flex min-w-0 flex-1 basis-64 gap-2.5">
              <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${calm ? "text-good" : "text-bad"}`} />
              <div className="min-w-0 text-pretty">
                <p className="font-semibold text-lg">
                  {calm ? t("calm") : t(more ? "more" : "stopped", { total })}
                </p>
                <p>{t.rich(calm ? "calmHint" : "stoppedHint", { when, total })}</p>
              </div>
            </div>
            {deactivate}
          </div>
        </div>
        {!calm && (
          <>
            <ul aria-label={t("list")} className="divide-y divide-line">
              {callers.map((caller) => (
                <StoppedRow key={caller.id} caller={caller} />
              ))}
            </ul>
            <p className="text-muted">
              {rest > 0 && t("rest", { rest })} <TextLink href={rejectedHref()}>{t("all")}</TextLink>
            </p>
          </>
        )}
      </section>
    </CardBody>
  );
}

/** One caller that stopped working: who, where, when last rejected, and what to do. */
function StoppedRow({ caller }: { readonly caller: StoppedCaller }) {
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
        {others && <p className="text-muted">{t("others")}</p>}
        <p className="text-muted text-xs">
          {t.rich("rejected", { when: () => <RelativeTime date={rejectedAt} /> })}
        </p>
      </div>
    </li>
  );
}
