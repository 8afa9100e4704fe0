"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { moved, preflightId, type SecurityPlace, securityHref } from "@/components/security/security-place";
import { classNames } from "@/components/ui/class-names";
import { DateTime } from "@/components/ui/date-time";
import { useFocusWhenLost } from "@/components/ui/dialog";
import { ButtonLink, TextLink } from "@/components/ui/link";
import { SearchForm } from "@/components/ui/list";
import {
  type CallerFilter,
  type CallerView,
  callerFilters,
  callersPerStep,
  mostCallersShown,
  type PreflightView,
} from "@/lib/domain/caller-view";
import type { TokenStatus } from "@/lib/domain/enforcement";
import { NameDialog } from "./caller-controls";
import { CallerTable } from "./caller-table";

interface PreflightProps {
  readonly view: PreflightView;
  readonly status: TokenStatus;
  /** What the page is narrowed to. */
  readonly place: SecurityPlace;
  /** Says whether what happens shows at once. */
  readonly live: ReactNode;
  readonly mayChange: boolean;
}

/** The region *Preflight*: who calls, and what would become of each if the token were enforced now. */
export function Preflight({ view, status, place, live, mayChange }: PreflightProps) {
  const t = useTranslations("preflight");
  const [naming, setNaming] = useState<CallerView | null>(null);
  useFocusWhenLost(preflightId, naming !== null, "");
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
        {share !== null && isHeard(view) && <Meter share={share} />}
        <Sentence view={view} status={status} />
        {known && (
          <div className="mt-2 grid gap-3">
            {(view.known > callersPerStep || search !== "") && <Search view={view} place={place} />}
            <Filters view={view} place={place} />
          </div>
        )}
      </div>
      {callers.length > 0 && (
        <div className="border-line border-t">
          <CallerTable callers={callers} mayChange={mayChange} onName={setNaming} />
        </div>
      )}
      {naming && <NameDialog caller={naming} onClose={() => setNaming(null)} />}
      {known && search === "" && callers.length === 0 && (
        <p className="px-4 pb-4 text-muted md:px-6">{t(`none.${filter}`)}</p>
      )}
      <MoreCallers view={view} place={place} />
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
    <div className="flex flex-1 items-center gap-3.5">
      <strong className="font-semibold text-2xl tabular-nums tracking-tight">
        {t("share", { share: whole })}
      </strong>
      <svg
        role="img"
        aria-label={t("meter", { share: whole })}
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        className="h-2 min-w-0 flex-1 rounded-md bg-warn-soft"
      >
        <rect width={share * 100} height="8" className="fill-good" />
        <rect x={share * 100} width={100 - share * 100} height="8" className="fill-warn" />
      </svg>
    </div>
  );
}

/** What activating would do, or does, to the callers we know of, in a sentence or two. */
function Sentence({ view, status }: Pick<PreflightProps, "view" | "status">) {
  const t = useTranslations("preflight");
  const { counts, wouldReject, rejectsNow, othersRejected, since, share, unchecked } = view;
  const { mightReject, mightRejectNow, othersUnproven } = view;
  const silent = counts.waiting + counts.overdue - unchecked;
  const when = () => <DateTime date={since} />;
  const verdict = (
    <b className="font-semibold text-text">
      {status !== "disabled" && `${t("rejects", { count: rejectsNow, maybe: mightRejectNow })} `}
      {status !== "active" &&
        t(status === "staged" ? "wouldRest" : "would", { count: wouldReject, maybe: mightReject })}
    </b>
  );
  if (!isHeard(view)) {
    return (
      <p className="text-pretty text-muted">
        {mightReject + mightRejectNow > 0 && verdict}{" "}
        {unchecked > 0 ? t("unchecked", { count: unchecked }) : t.rich("onlySilent", { when })}{" "}
        {counts.overdue > 0 && t("overdue", { overdue: counts.overdue })}{" "}
        {othersUnproven > 0 && t("othersUnproven", { others: othersUnproven })}
      </p>
    );
  }
  return (
    <p className="text-pretty text-muted">
      {share === null ? t("noRequests") : t("shareText")} {verdict}{" "}
      {silent > 0 && t.rich("silent", { count: silent, when })}{" "}
      {counts.overdue > 0 && t("overdue", { overdue: counts.overdue })}{" "}
      {unchecked > 0 && t("unchecked", { count: unchecked })}{" "}
      {othersRejected > 0 && t("othersRejected", { count: othersRejected })}{" "}
      {othersUnproven > 0 && t("othersUnproven", { others: othersUnproven })}
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
      action="/security"
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

/** How many there are beyond those shown, and the way to them as far as one page goes. */
function MoreCallers({ view: { callers, matching }, place }: NarrowingProps) {
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
