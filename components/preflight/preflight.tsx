import { useTranslations } from "next-intl";
import { LiveUpdates } from "@/components/live/live-updates";
import { ButtonLink } from "@/components/ui/button-link";
import { callersPerStep, mostCallersShown, type PreflightView } from "@/lib/domain/caller-view";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { CallerActions } from "./caller-controls";
import { CallerFilters } from "./caller-filters";
import { CallerTable } from "./caller-table";
import { isHeard } from "./is-heard";
import { preflightHref, preflightId } from "./preflight-href";
import { PreflightMeter } from "./preflight-meter";
import { PreflightSentence } from "./preflight-sentence";

interface PreflightProps {
  readonly view: PreflightView;
  readonly status: TokenStatus;
  /** null: this person may look but not change. */
  readonly actions: CallerActions | null;
}

/** The region *Preflight*: who calls, and what would become of each if the token were demanded now. */
export function Preflight({ view, status, actions }: PreflightProps) {
  const t = useTranslations("preflight");
  const { share, callers, counts, dismissed, filter } = view;
  const known = callers.length > 0 || dismissed > 0 || Object.values(counts).some((count) => count > 0);
  return (
    <section aria-labelledby={preflightId}>
      <div className="grid gap-1.5 p-4 md:px-6 md:pt-5">
        <div className="flex items-center justify-between gap-4">
          <h3 id={preflightId} className="scroll-mt-6 font-semibold">
            {t("title")}
          </h3>
          <LiveUpdates />
        </div>
        {share !== null && isHeard(view) && <PreflightMeter share={share} />}
        <PreflightSentence view={view} status={status} />
        {known && (
          <div className="mt-2">
            <CallerFilters view={view} />
          </div>
        )}
      </div>
      {callers.length > 0 && (
        <div className="border-line border-t">
          <CallerTable callers={callers} actions={actions} />
        </div>
      )}
      {known && callers.length === 0 && <p className="px-4 pb-4 text-muted md:px-6">{t(`none.${filter}`)}</p>}
      <MoreCallers view={view} />
    </section>
  );
}

/** How many there are beyond those shown, and the way to them as far as one page goes. */
function MoreCallers({ view: { callers, matching, filter } }: { readonly view: PreflightView }) {
  const t = useTranslations("preflight");
  const shown = callers.length;
  if (shown === 0 || shown >= matching) return null;
  const next = Math.min(shown + callersPerStep, mostCallersShown);
  return (
    <div className="flex flex-wrap items-center gap-3 border-line border-t px-4 py-3 md:px-6">
      <p className="mr-auto text-muted tabular-nums">
        {t("shown", { shown, matching })} {next === shown && t("tooMany")}
      </p>
      {next > shown && (
        <ButtonLink href={preflightHref(filter, next)} scroll={false} prefetch={false}>
          {t("more")}
        </ButtonLink>
      )}
    </div>
  );
}
