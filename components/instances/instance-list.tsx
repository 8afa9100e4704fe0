import { Boxes, SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";
import { Card, EmptyState } from "@/components/ui/card";
import { Pagination } from "@/components/ui/list";
import { type InstancePage, instancesPerPage } from "@/lib/domain/instance";
import { InstanceSearch } from "./instance-search";
import { InstanceTable } from "./instance-table";
import { listHref } from "./list-href";

interface InstanceListProps {
  readonly list: InstancePage;
  readonly search: string;
  /** The button *New instance*; null for those who may not create one. */
  readonly create: ReactNode;
}

/** The account's instances: nothing yet, nothing found, or a page of them. */
export function InstanceList({ list, search, create }: InstanceListProps) {
  const t = useTranslations("instances.list");
  const { items, matching, total, page, pageCount } = list;

  if (total === 0) {
    return (
      <Card>
        <EmptyState
          icon={Boxes}
          title={t("empty.title")}
          description={create ? t("empty.description") : t("empty.viewer")}
          action={create}
        />
      </Card>
    );
  }
  const first = (page - 1) * instancesPerPage + 1;
  return (
    <>
      <InstanceSearch search={search} matching={matching} />
      <Card aria-label={t("regionLabel")}>
        {items.length > 0 ? (
          <InstanceTable items={items} />
        ) : (
          <EmptyState
            icon={SearchX}
            title={<span className="wrap-anywhere">{t("nothingFound.title", { search })}</span>}
            description={t("nothingFound.description")}
            action={<ButtonLink href="/instances">{t("nothingFound.action")}</ButtonLink>}
          />
        )}
      </Card>
      <Pagination
        label={t("pages.label")}
        previousLabel={t("pages.previous")}
        nextLabel={t("pages.next")}
        previousHref={page > 1 ? listHref(search, page - 1) : null}
        nextHref={page < pageCount ? listHref(search, page + 1) : null}
        summary={t("pages.summary", { first, last: first + items.length - 1, matching })}
      />
    </>
  );
}
