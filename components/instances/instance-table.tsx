import Link from "next/link";
import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { DateTime } from "@/components/ui/date-time";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import type { InstanceSummary } from "@/lib/domain/instance";
import { InstanceStatus } from "./instance-status";

const columns = ["name", "id", "upstream", "status", "created"] as const;

/** Instances in rows; each name leads to its page. */
export function InstanceTable({ items }: { readonly items: readonly InstanceSummary[] }) {
  const t = useTranslations("instances.list");
  return (
    <DataTable caption={t("regionLabel")} columns={columns.map((id) => ({ id, label: t(`columns.${id}`) }))}>
      {items.map((instance) => (
        <InstanceRow key={instance.id} instance={instance} />
      ))}
    </DataTable>
  );
}

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
            copiedLabel={t("list.copied")}
            failedLabel={t("list.copyFailed")}
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
