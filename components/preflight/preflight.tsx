"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { moved, preflightId, type SecurityPlace, securityHref } from "@/components/security/security-place";
import { ButtonLink } from "@/components/ui/button";
import { dismissCallerAction, nameCallerAction, restoreCallerAction } from "@/lib/actions/security-token";
import { callersPerStep, mostCallersShown, type PreflightView } from "@/lib/domain/caller-view";
import type { TokenStatus } from "@/lib/domain/enforcement";
import { CallerFilters } from "./caller-filters";
import { CallerNaming } from "./caller-naming";
import { CallerSearch } from "./caller-search";
import { CallerTable } from "./caller-table";
import { isHeard } from "./is-heard";
import { PreflightMeter } from "./preflight-meter";
import { PreflightSentence } from "./preflight-sentence";

const callerActions = { name: nameCallerAction, dismiss: dismissCallerAction, restore: restoreCallerAction };

interface PreflightProps {
  readonly view: PreflightView;
  readonly status: TokenStatus;
  /** What the page is narrowed to. */
  readonly place: SecurityPlace;
  /** Says whether the page is live. */
  readonly live: ReactNode;
  readonly mayChange: boolean;
}

/** The region *Preflight*: who calls, and what would become of each if the token were demanded now. */
export function Preflight({ view, status, place, live, mayChange }: PreflightProps) {
  const t = useTranslations("preflight");
  const { share, callers, filter, search } = view;
  const known = view.known > 0;
  return (
    <section aria-labelledby={preflightId}>
      <div className="grid gap-1.5 p-4 md:px-6 md:pt-5">
        <div className="flex items-center justify-between gap-4">
          <h3 id={preflightId} className="scroll-mt-6 font-semibold">
            {t("title")}
          </h3>
          {live}
        </div>
        {share !== null && isHeard(view) && <PreflightMeter share={share} />}
        <PreflightSentence view={view} status={status} />
        {known && (
          <div className="mt-2 grid gap-3">
            {(view.known > callersPerStep || search !== "") && <CallerSearch view={view} place={place} />}
            <CallerFilters view={view} place={place} />
          </div>
        )}
      </div>
      <CallerNaming run={mayChange ? nameCallerAction : null}>
        {callers.length > 0 && (
          <div className="border-line border-t">
            <CallerTable callers={callers} actions={mayChange ? callerActions : null} />
          </div>
        )}
      </CallerNaming>
      {known && search === "" && callers.length === 0 && (
        <p className="px-4 pb-4 text-muted md:px-6">{t(`none.${filter}`)}</p>
      )}
      <MoreCallers view={view} place={place} />
    </section>
  );
}

/** How many there are beyond those shown, and the way to them as far as one page goes. */
function MoreCallers({ view: { callers, matching }, place }: Pick<PreflightProps, "view" | "place">) {
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
        <ButtonLink
          href={securityHref(moved(place, { shown: String(next) }), preflightId)}
          scroll={false}
          prefetch={false}
        >
          {t("more")}
        </ButtonLink>
      )}
    </div>
  );
}
