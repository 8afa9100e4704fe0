"use client";

import { useTranslations } from "next-intl";
import { NumberedPages } from "@/components/shell/numbered-pages";
import { TextLink } from "@/components/ui/link";
import { SearchForm } from "@/components/ui/search-form";
import { switchesPerPage } from "@/lib/domain/enforcement";
import type { SecurityPageView } from "@/lib/domain/security-page";
import { EnforcementRow } from "./enforcement-row";
import { enforcementId, moved, type SecurityPlace, securityHref, securityPath } from "./security-place";

interface EnforcementModuleProps {
  readonly page: SecurityPageView;
  readonly place: SecurityPlace;
  readonly accountName: string;
  /** Shows at once what an answer said. */
  readonly show: (change: (page: SecurityPageView) => SecurityPageView) => void;
}

/** On how many instances the token is enforced, or could be, and the list *Enforcement by instance* with its switches. */
export function EnforcementModule({ page: view, place, accountName, show }: EnforcementModuleProps) {
  const t = useTranslations("security.enforcement");
  const words = useTranslations("preflight");
  const { token, enforcement, preflight, may } = view;
  const { items, matching, page, pageCount } = enforcement;
  const { enforcedInstances: enforced, totalInstances: total } = token;
  const href = (to: number) =>
    securityHref(moved(place, { page: to === 1 ? undefined : String(to) }), enforcementId);
  const state = token.status === "staged" && enforced === total ? "all" : token.status;
  if (state === "none") return null;
  return (
    <section aria-labelledby={enforcementId} className="grid content-start gap-3 p-4 md:px-6 md:py-5">
      <div>
        <h3 id={enforcementId} className="scroll-mt-10 font-semibold text-lg tracking-tight">
          <EnforcementTitle page={view} />
        </h3>
        <p className="mt-0.5 text-pretty text-muted">
          {preflight && state !== "disabled" && (
            <b className="font-semibold text-text">
              {words("rejects", { count: preflight.rejectsNow, maybe: preflight.mightRejectNow })}{" "}
            </b>
          )}
          {total === 0 ? t("empty") : t(`state.${state}`, { enforced, total })}
        </p>
      </div>
      {total > switchesPerPage && <EnforcementSearch matching={matching} place={place} />}
      {items.length > 0 && (
        <ul aria-label={t("title")} className="divide-y divide-line border-line border-t">
          {items.map((item) => (
            <EnforcementRow
              key={item.id}
              item={item}
              readiness={preflight?.readiness.get(item.id) ?? null}
              mayChange={may.changeToken}
              {...{ accountName, show }}
            />
          ))}
        </ul>
      )}
      <NumberedPages
        label={t("pages")}
        perPage={switchesPerPage}
        shown={items.length}
        href={href}
        {...{ page, pageCount, matching }}
      />
    </section>
  );
}

/** In a few words: on how many instances the token is enforced, or how many are ready for it. */
export function EnforcementTitle({ page }: { readonly page: SecurityPageView }) {
  const t = useTranslations("security.enforcement");
  const { status, enforcedInstances: enforced, totalInstances: total } = page.token;
  const forecast = page.preflight?.forecast;
  if (total === 0) return t("noInstance");
  if (status === "disabled") {
    return forecast?.heard ? t("ready", { ready: forecast.readyInstances, total }) : t("unheard");
  }
  return t("enforcedOn", { enforced, total });
}

interface EnforcementSearchProps {
  /** Instances that match the search. */
  readonly matching: number;
  readonly place: SecurityPlace;
}

/** Finds the switch of an instance by name. */
function EnforcementSearch({ matching, place }: EnforcementSearchProps) {
  const t = useTranslations("security.enforcement");
  const search = place.search?.trim() ?? "";
  const rest = moved(place, { search: undefined, page: undefined });
  return (
    <SearchForm
      action={securityPath}
      scroll={false}
      search={search}
      keep={rest}
      label={t("search.label")}
      placeholder={t("search.placeholder")}
      submit={t("search.submit")}
      result={
        <>
          {t("search.result", { matching, search })}{" "}
          <TextLink href={securityHref(rest, enforcementId)}>{t("all")}</TextLink>
        </>
      }
    />
  );
}
