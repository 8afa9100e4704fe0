"use client";

import { useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { TextLink } from "@/components/ui/link";
import { Pagination, SearchForm } from "@/components/ui/list";
import { instancesPerPage } from "@/lib/domain/instance";
import type { SecurityPageView } from "@/lib/domain/security-page";
import { EnforcementRow } from "./enforcement-row";
import { enforcementId, moved, type SecurityPlace, securityHref } from "./security-place";

interface EnforcementModuleProps {
  readonly page: SecurityPageView;
  readonly place: SecurityPlace;
  readonly accountName: string;
  /** Shows at once what an answer said. */
  readonly show: (change: (page: SecurityPageView) => SecurityPageView) => void;
}

/** The region *Enforcement by instance*: where the token is enforced, with a switch for each instance. */
export function EnforcementModule({ page: view, place, accountName, show }: EnforcementModuleProps) {
  const t = useTranslations("security.enforcement");
  const { token, enforcement, preflight, may } = view;
  const { items, matching, page, pageCount } = enforcement;
  const { enforcedInstances: enforced, totalInstances: total } = token;
  const href = (to: number) =>
    securityHref(moved(place, { page: to === 1 ? undefined : String(to) }), enforcementId);
  const first = (page - 1) * instancesPerPage + 1;
  const state = token.status === "staged" && enforced === total ? "all" : token.status;
  if (state === "none") return null;
  return (
    <Card aria-labelledby={enforcementId} className="mt-6">
      <CardHead
        id={enforcementId}
        title={t("title")}
        description={total === 0 ? t("empty") : t(`state.${state}`, { enforced, total })}
      />
      {total > 0 && (
        <CardBody className="grid gap-3 pt-0 md:pt-0">
          {total > instancesPerPage && <EnforcementSearch matching={matching} place={place} />}
          {items.length > 0 && (
            <ul aria-labelledby={enforcementId} className="divide-y divide-line border-line border-t">
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
          <Pagination
            label={t("pages.label")}
            previousLabel={t("pages.previous")}
            nextLabel={t("pages.next")}
            previousHref={page > 1 ? href(page - 1) : null}
            nextHref={page < pageCount ? href(page + 1) : null}
            summary={t("pages.summary", { first, last: first + items.length - 1, matching })}
          />
        </CardBody>
      )}
    </Card>
  );
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
      action="/security"
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
