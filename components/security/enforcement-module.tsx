import { useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Pagination } from "@/components/ui/list";
import type { PreflightView } from "@/lib/domain/caller-view";
import type { EnforcementPage } from "@/lib/domain/enforcement";
import { instancesPerPage } from "@/lib/domain/instance";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { EnforcementRow, type ForecastInstance, type SwitchInstance } from "./enforcement-row";
import { EnforcementSearch } from "./enforcement-search";
import { enforcementId, moved, type SecurityPlace, securityHref } from "./security-place";

interface EnforcementModuleProps {
  readonly view: SecurityTokenView;
  readonly list: EnforcementPage;
  /** By the id of the instance; none for those that nobody has called. */
  readonly readiness: PreflightView["readiness"];
  readonly search: string;
  /** What else the page is narrowed to. */
  readonly place: SecurityPlace;
  /** null: this person may look but not change. */
  readonly change: SwitchInstance | null;
  readonly forecast: ForecastInstance;
  readonly accountName: string;
}

/** The region *Enforcement by instance*: where the token is demanded, with a switch for each instance. */
export function EnforcementModule(props: EnforcementModuleProps) {
  const { view, list, readiness, search, place, change, forecast, accountName } = props;
  const t = useTranslations("security.enforcement");
  const { items, matching, page, pageCount } = list;
  const { enforcedInstances: enforced, totalInstances: total } = view;
  const href = (to: number) =>
    securityHref(moved(place, { page: to === 1 ? undefined : String(to) }), enforcementId);
  const first = (page - 1) * instancesPerPage + 1;
  const state = view.status === "staged" && enforced === total ? "all" : view.status;
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
          {total > instancesPerPage && (
            <EnforcementSearch search={search} matching={matching} place={place} />
          )}
          {items.length > 0 && (
            <ul aria-labelledby={enforcementId} className="divide-y divide-line border-line border-t">
              {items.map((item) => (
                <EnforcementRow
                  key={item.id}
                  item={item}
                  readiness={readiness.get(item.id) ?? null}
                  {...{ change, forecast, accountName }}
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
