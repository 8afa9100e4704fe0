"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import {
  moved,
  preflightId,
  type SecurityPlace,
  securityHref,
  securityPath,
} from "@/components/security/security-place";
import { classNames } from "@/components/ui/class-names";
import { DateTime } from "@/components/ui/date-time";
import { useFocusWhenLost } from "@/components/ui/dialog";
import { ButtonLink, TextLink } from "@/components/ui/link";
import { onDemand } from "@/components/ui/on-demand";
import { SearchForm } from "@/components/ui/search-form";
import { toast } from "@/components/ui/toaster";
import { callersByProgram } from "@/lib/domain/caller-list";
import {
  type CallerFilter,
  type CallerView,
  callerFilters,
  callersPerStep,
  mostCallersShown,
  type PreflightView,
} from "@/lib/domain/caller-view";
import { CallerGroups } from "./caller-groups";

const dialog = onDemand(() => import("./name-dialog"));

interface PreflightProps {
  readonly view: PreflightView;
  /** What the page is narrowed to. */
  readonly place: SecurityPlace;
  readonly mayChange: boolean;
}

/** The region *Preflight*: who calls, and what would become of each if the token were enforced now. */
export function Preflight({ view, place, mayChange }: PreflightProps) {
  const t = useTranslations("preflight");
  const [naming, setNaming] = useState<CallerView | null>(null);
  useFocusWhenLost(preflightId, naming !== null, "");
  const { share, callers, filter, search } = view;
  const known = view.known > 0;
  const errors = useTranslations("errors.code");
  const { NameDialog } = dialog.part ?? {};

  async function name(caller: CallerView) {
    if (await dialog.load()) setNaming(caller);
    else toast.error(errors("failed"));
  }

  return (
    <section aria-labelledby={preflightId}>
      <div className="grid gap-1.5 p-4 md:px-6 md:pt-5">
        <h3 id={preflightId} className="scroll-mt-6 font-semibold text-lg tracking-tight">
          {t("title")}
        </h3>
        {share !== null && isHeard(view) && <Meter share={share} />}
        <Remarks view={view} />
        {known && (
          <div className="mt-2 grid gap-3">
            {(view.known > callersPerStep || search !== "") && <Search view={view} place={place} />}
            <Filters view={view} place={place} />
          </div>
        )}
      </div>
      <CallerGroups
        {...{ view, place, mayChange }}
        more={<MoreCallers view={view} place={place} />}
        onName={(caller) => void name(caller)}
      />
      {naming && NameDialog && <NameDialog caller={naming} onClose={() => setNaming(null)} />}
      {known && search === "" && callers.length === 0 && (
        <p className="px-4 pb-4 text-muted md:px-6">{t(`none.${filter}`)}</p>
      )}
    </section>
  );
}

/** Whether anybody called since the tokens are what they are: else a share would say nothing about now. */
function isHeard({ counts, othersRejected }: PreflightView): boolean {
  return counts.ready + counts.rejected + counts.wrong_token + othersRejected > 0;
}

/** The share of requests that came from callers that are ready, as a number and a bar. */
function Meter({ share }: { readonly share: number }) {
  const t = useTranslations("preflight");
  // Nearly all is not all.
  const shown = share < 1 ? Math.min(share, 0.99) : 1;
  const whole = shown > 0 ? Math.max(shown, 0.01) : 0;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <p>
        <strong className="font-semibold tabular-nums">{t("share", { share: whole })}</strong>{" "}
        {t("shareText")}
      </p>
      <svg
        role="img"
        aria-label={t("meter", { share: whole })}
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        className="h-2 min-w-40 flex-1 rounded-md bg-warn-soft"
      >
        <rect width={share * 100} height="8" className="fill-good" />
        <rect x={share * 100} width={100 - share * 100} height="8" className="fill-warn" />
      </svg>
    </div>
  );
}

/** What else is to be said of callers, beyond what is said beside the ways to activate. */
function Remarks({ view }: Pick<PreflightProps, "view">) {
  const t = useTranslations("preflight");
  const { counts, othersRejected, othersUnproven, since, share, unchecked } = view;
  const heard = isHeard(view);
  const when = () => <DateTime date={since} />;
  return (
    <p className="text-pretty text-muted empty:hidden">
      {!heard && (unchecked > 0 ? t("unchecked", { count: unchecked }) : t.rich("onlySilent", { when }))}
      {heard && share === null && t("noRequests")}
      {heard && unchecked > 0 && ` ${t("unchecked", { count: unchecked })}`}
      {counts.overdue > 0 && ` ${t("overdue", { overdue: counts.overdue })}`}
      {othersRejected > 0 && ` ${t("othersRejected", { count: othersRejected })}`}
      {othersUnproven > 0 && ` ${t("othersUnproven", { others: othersUnproven })}`}
    </p>
  );
}

type NarrowingProps = Pick<PreflightProps, "view" | "place">;

/** Finds callers by what they are called, by program, address or instance. */
function Search({ view: { search, listedCounts, filter }, place }: NarrowingProps) {
  const t = useTranslations("preflight.search");
  const rest = moved(place, { caller: undefined });
  return (
    <SearchForm
      action={securityPath}
      scroll={false}
      name="caller"
      search={search}
      keep={rest}
      label={t("label")}
      placeholder={t("placeholder")}
      submit={t("submit")}
      result={
        <>
          {t("result", { matching: listedCounts[filter], search })}{" "}
          <TextLink href={securityHref(rest, preflightId)}>{t("all")}</TextLink>
        </>
      }
    />
  );
}

/** Callers by status; links, so that each can be kept and works without JavaScript. */
function Filters({ view, place }: NarrowingProps) {
  const t = useTranslations("preflight.filters");
  const format = useFormatter();
  const href = (filter: CallerFilter) =>
    securityHref(moved(place, { callers: filter === "all" ? undefined : filter }), preflightId);
  const shown = callerFilters.filter(
    (filter) => view.listedCounts[filter] > 0 || filter === view.filter || filter === "all",
  );
  return (
    <nav aria-label={t("label")}>
      <ul className="flex flex-wrap gap-1.5">
        {shown.map((filter) => (
          <li key={filter}>
            <Link
              href={href(filter)}
              scroll={false}
              prefetch={false}
              aria-current={filter === view.filter ? "true" : undefined}
              className={classNames(
                "flex min-h-7 items-center gap-1.5 whitespace-nowrap rounded-full border px-2.5 text-xs",
                filter === view.filter
                  ? "border-accent bg-accent-soft font-semibold text-accent"
                  : "border-line text-muted hover:text-text",
              )}
            >
              {t(filter)} <span className="tabular-nums">{format.number(view.listedCounts[filter])}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** How many there are beyond those shown, and the way to them as far as one page goes. Ready ones are folded away. */
function MoreCallers({ view: { callers, groups, filter, search }, place }: NarrowingProps) {
  const t = useTranslations("preflight");
  const folded = filter !== "ready" && search === "";
  const matching = groups.reduce((sum, { kind, total }) => sum + (folded && kind === "ready" ? 0 : total), 0);
  const shown = callers.length;
  if (shown === 0 || shown >= matching) return null;
  const rows = callersByProgram(callers).length;
  const next = rows + callersPerStep;
  // Fewer rows than were asked for: the next program would be too many callers for one page.
  const fits = next <= mostCallersShown && rows % callersPerStep === 0;
  return (
    <div className="flex flex-wrap items-center gap-3 border-line border-t px-4 py-3 md:px-6">
      <p className="mr-auto text-muted tabular-nums">
        {t("shown", { shown, matching })} {!fits && t("tooMany")}
      </p>
      {fits && (
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
