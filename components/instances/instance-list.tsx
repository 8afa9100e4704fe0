import { Boxes, Check, Clock, SearchX, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";
import { preflightId, securityHref } from "@/components/security/security-place";
import { NumberedPages } from "@/components/shell/numbered-pages";
import { SparkBars } from "@/components/traffic/bars";
import { Card, EmptyState } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { ButtonLink, TextLink } from "@/components/ui/link";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { SearchForm } from "@/components/ui/search-form";
import { WrapText } from "@/components/ui/text";
import { type InstanceListView, type InstanceRow, instancesPerPage } from "@/lib/domain/instance";
import { InstanceProtectionStatus, InstanceStatus } from "./instance-header";

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

/** Between cards and wide tables there is no room for some columns; that one is paused stands under its name then. */
const onlyWide = "sm:max-xl:hidden!";
const notNarrowest = "sm:max-md:hidden!";

const columns = [
  { id: "name" },
  { id: "status", className: onlyWide },
  { id: "enforcement" },
  { id: "callers" },
  { id: "lastCall", className: notNarrowest },
  { id: "day", className: onlyWide },
] as const;

interface InstanceListProps {
  readonly list: InstanceListView;
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
            columns={columns.map((column) => ({ ...column, label: t(`columns.${column.id}`) }))}
          >
            {items.map((instance) => (
              <InstanceListRow key={instance.id} instance={instance} />
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
      <NumberedPages
        label={t("pages")}
        perPage={instancesPerPage}
        shown={items.length}
        href={(to) => listHref(search, to)}
        {...{ page, pageCount, matching }}
      />
    </>
  );
}

/** One instance; its name leads to its page. */
function InstanceListRow({ instance }: { readonly instance: InstanceRow }) {
  const t = useTranslations("instances");
  const { id, calledId, name, upstreamUrl, paused, protection, lastCallAt, lastDay } = instance;
  const total = (requests: readonly number[]) => requests.reduce((sum, each) => sum + each, 0);
  const day = { accepted: total(lastDay.accepted), rejected: total(lastDay.rejected) };
  const quiet = day.accepted + day.rejected === 0;
  return (
    <TableRow className="max-sm:relative">
      <TableCell className="max-sm:pr-24">
        <Link
          href={`/instances/${id}`}
          className="-my-0.5 inline-block py-0.5 font-semibold underline-offset-4 wrap-anywhere hover:underline"
        >
          {name}
        </Link>
        <span className="flex items-center gap-1 text-muted">
          <code translate="no" className="font-mono text-xs wrap-anywhere">
            {calledId}
          </code>
          <CopyButton
            value={calledId}
            size="sm"
            variant="quiet"
            iconOnly
            className="-my-1"
            label={t("list.copyId", { name })}
          />
        </span>
        <span className="block text-muted text-xs">
          <span className="sr-only">{t("list.upstream")} </span>
          {upstreamUrl === null ? t("echo") : <WrapText>{upstreamUrl}</WrapText>}
        </span>
        {paused && (
          <span className="mt-1 hidden sm:max-xl:block">
            <InstanceStatus paused />
          </span>
        )}
      </TableCell>
      <TableCell className={`${onlyWide} max-sm:absolute max-sm:top-3.5 max-sm:right-4`}>
        <InstanceStatus paused={paused} />
      </TableCell>
      <TableCell label={t("list.columns.enforcement")}>
        <InstanceProtectionStatus protection={protection} />
      </TableCell>
      <TableCell label={t("list.columns.callers")} className="md:min-w-40">
        <CallersLink instance={instance} />
      </TableCell>
      <TableCell label={t("list.columns.lastCall")} className={`${notNarrowest} md:min-w-26`}>
        {lastCallAt ? (
          <RelativeTime date={lastCallAt} />
        ) : (
          <span className="text-muted">{t("list.never")}</span>
        )}
      </TableCell>
      <TableCell label={t("list.columns.day")} className={onlyWide}>
        {quiet ? (
          <span className="text-muted text-xs">{t("list.day.none")}</span>
        ) : (
          <SparkBars
            day={lastDay}
            label={t("list.day.label", day)}
            className="h-6 w-22 border-line border-b"
          />
        )}
      </TableCell>
    </TableRow>
  );
}

/** How the callers of an instance are, the worst first in the icon, with the way to them on the Security page. */
function CallersLink({ instance }: { readonly instance: InstanceRow }) {
  const t = useTranslations("instances.list.callers");
  const { name, callers, readiness, protection } = instance;
  if (!readiness) return <span className="text-muted">{t("known", { callers })}</span>;
  const { ready, breaking, unproven, unchecked, othersBreaking, othersUnproven } = readiness;
  const enforced = protection === "enforced";
  const waiting = unproven + unchecked;
  const [broken, silent] = [breaking > 0 || othersBreaking, waiting > 0 || othersUnproven];
  const parts = [
    ...(ready > 0 || !(broken || silent) ? [t("ready", { ready })] : []),
    ...(silent ? [waiting > 0 ? t("waiting", { waiting }) : t("othersWaiting")] : []),
    ...(breaking > 0 ? [t(enforced ? "rejected" : "wouldReject", { breaking })] : []),
    ...(breaking === 0 && othersBreaking ? [t(enforced ? "othersRejected" : "othersWouldReject")] : []),
  ];
  const [Icon, tone] = broken
    ? ([TriangleAlert, enforced ? "text-bad" : "text-warn"] as const)
    : silent
      ? ([Clock, "text-muted"] as const)
      : ([Check, "text-good"] as const);
  return (
    <Link
      href={securityHref({ caller: name }, preflightId)}
      prefetch={false}
      className="flex gap-1.5 py-0.5 underline-offset-4 hover:underline"
    >
      <Icon aria-hidden strokeWidth={2.5} className={`mt-1 size-3 shrink-0 ${tone}`} />
      <span>
        <span className="sr-only">{t("of", { name })} </span>
        {parts.map((part, index) => (
          <Fragment key={part}>
            {index > 0 && " "}
            <span className="inline-block">
              {part}
              {index < parts.length - 1 && " ·"}
            </span>
          </Fragment>
        ))}
      </span>
    </Link>
  );
}
