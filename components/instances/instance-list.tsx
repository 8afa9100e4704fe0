import { Boxes, SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, EmptyState } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { DateTime } from "@/components/ui/date-time";
import { ButtonLink, TextLink } from "@/components/ui/link";
import { DataTable, Pagination, SearchForm, TableCell, TableRow } from "@/components/ui/list";
import { type InstancePage, type InstanceSummary, instancesPerPage } from "@/lib/domain/instance";
import { InstanceStatus } from "./instance-header";

/** The address of one page of the instance list; what is left out is the default. */
export function listHref(search: string, page: number): string {
  const query = new URLSearchParams();
  if (search !== "") query.set("search", search);
  if (page > 1) query.set("page", String(page));
  const text = query.toString();
  return text === "" ? "/instances" : `/instances?${text}`;
}

/** What the address bar asks for. Anything odd means everything, from the first page. */
export function listQuery(params: Readonly<Record<string, string | string[] | undefined>>): {
  search: string;
  page: number;
} {
  const { search, page } = params;
  return {
    search: typeof search === "string" ? search.trim() : "",
    page: typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

const columns = ["name", "id", "upstream", "status", "created"] as const;

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
      <div className="mb-4">
        <SearchForm
          action="/instances"
          search={search}
          label={t("search.label")}
          placeholder={t("search.placeholder")}
          submit={t("search.submit")}
          result={
            <>
              {t("search.result", { matching, search })}{" "}
              <TextLink href="/instances">{t("search.clear")}</TextLink>
            </>
          }
          resultShownElsewhere={matching === 0}
        />
      </div>
      <Card aria-label={t("regionLabel")}>
        {items.length > 0 ? (
          <DataTable
            caption={t("regionLabel")}
            columns={columns.map((id) => ({ id, label: t(`columns.${id}`) }))}
          >
            {items.map((instance) => (
              <InstanceRow key={instance.id} instance={instance} />
            ))}
          </DataTable>
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

/** One instance; its name leads to its page. */
function InstanceRow({ instance }: { readonly instance: InstanceSummary }) {
  const t = useTranslations("instances");
  const { id, name, upstreamUrl, paused, createdAt } = instance;
  return (
    <TableRow>
      <TableCell>
        <Link
          href={`/instances/${id}`}
          className="-my-0.5 inline-block py-0.5 font-semibold underline-offset-4 wrap-anywhere hover:underline"
        >
          {name}
        </Link>
      </TableCell>
      <TableCell label={t("list.columns.id")} className="sm:whitespace-nowrap">
        <span className="inline-flex items-center gap-1">
          <code translate="no" className="break-all font-mono text-xs">
            {id}
          </code>
          <CopyButton
            value={id}
            size="sm"
            variant="quiet"
            iconOnly
            className="-my-1"
            label={t("list.copyId", { name })}
          />
        </span>
      </TableCell>
      <TableCell label={t("list.columns.upstream")} className="wrap-anywhere">
        {upstreamUrl === null ? <span className="text-muted">{t("echo")}</span> : upstreamUrl}
      </TableCell>
      <TableCell label={t("list.columns.status")}>
        <InstanceStatus paused={paused} />
      </TableCell>
      <TableCell label={t("list.columns.created")} className="text-muted sm:whitespace-nowrap">
        <DateTime date={createdAt} precision="date" />
      </TableCell>
    </TableRow>
  );
}
