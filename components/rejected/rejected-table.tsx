import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { CallerWho } from "@/components/preflight/caller-words";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusPill } from "@/components/ui/status";
import type { RejectedCaller } from "@/lib/domain/rejection";
import { FixText } from "./rejected-links";

const columns = ["caller", "instance", "reason", "requests", "last"] as const;
const hourMs = 3_600_000;

/** Who was rejected where, why and how to mend it, how often, and when last. */
export function RejectedTable({ callers }: { readonly callers: readonly RejectedCaller[] }) {
  const t = useTranslations("rejected.list");
  return (
    <DataTable caption={t("caption")} columns={columns.map((id) => ({ id, label: t(id) }))}>
      {callers.map((caller) => (
        <RejectedRow key={caller.id} caller={caller} />
      ))}
    </DataTable>
  );
}

function RejectedRow({ caller }: { readonly caller: RejectedCaller }) {
  const t = useTranslations("rejected.list");
  const reasonText = useTranslations("traffic.reason");
  const format = useFormatter();
  const { instanceId, instanceName, reason, requests } = caller;
  return (
    <TableRow className="align-top">
      <TableCell className="sm:min-w-32 sm:align-top lg:min-w-40">
        <CallerWho caller={caller} />
      </TableCell>
      <TableCell label={t("instance")} className="sm:align-top lg:min-w-30">
        <Link
          href={`/instances/${instanceId}`}
          prefetch={false}
          className="underline-offset-4 wrap-anywhere hover:underline"
        >
          {instanceName}
        </Link>
      </TableCell>
      <TableCell className="sm:align-top">
        <span className="font-semibold">{reasonText(reason)}</span>
        <span className="block text-pretty">
          <FixText reason={reason} instanceId={instanceId} agent={caller.agent} />
        </span>
        <Besides caller={caller} />
      </TableCell>
      <TableCell label={t("requests")} className="sm:align-top">
        {format.number(requests)}
      </TableCell>
      <TableCell label={t("last")} className="sm:min-w-36 sm:align-top">
        <Last caller={caller} />
      </TableCell>
    </TableRow>
  );
}

function Besides({ caller: { besides } }: { readonly caller: RejectedCaller }) {
  const t = useTranslations("rejected.list");
  const reasonText = useTranslations("traffic.reason");
  const format = useFormatter();
  if (besides.length === 0) return null;
  const reasons = besides.map(({ reason, requests }) =>
    t("besidesOne", { reason: reasonText(reason), requests }),
  );
  return (
    <span className="block text-muted text-xs">
      {t("besides", { reasons: format.list(reasons, { type: "unit" }) })}
    </span>
  );
}

/** When last rejected, and its latest request, which may have been let in. */
function Last({ caller }: { readonly caller: RejectedCaller }) {
  const t = useTranslations("rejected.list");
  const format = useFormatter();
  const { lastAt, hourOnly, works, lastMethod, lastPath } = caller;
  const end = new Date(lastAt.getTime() + hourMs);
  return (
    <>
      {hourOnly ? (
        <time dateTime={lastAt.toISOString()}>
          {format.dateTimeRange(lastAt, end, { dateStyle: "medium", timeStyle: "short" })}
        </time>
      ) : (
        <RelativeTime date={lastAt} />
      )}
      <span className="block text-muted text-xs wrap-anywhere">
        {(works || hourOnly) && `${t("then")} `}
        <span className="font-mono">
          {lastMethod} {lastPath}
        </span>
      </span>
      {works && (
        <span className="mt-1 block">
          <StatusPill tone="good">{t("works")}</StatusPill>
        </span>
      )}
    </>
  );
}
