"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/use-caller-title";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AddressCallerView } from "@/lib/domain/address-view";
import type { AddressActions } from "./address-actions";
import { AllowCaller } from "./allow-caller";

interface CallerTableProps {
  /** Callers that would be rejected, or that were. */
  readonly what: "would" | "were";
  readonly callers: readonly AddressCallerView[];
  readonly total: number;
  /** Instances with callers of unknown address. */
  readonly unknown: number;
  /** null: this person may look but not change. */
  readonly add: AddressActions["add"] | null;
}

/** Callers that are not on the list, each with a way onto it. */
export function AddressCallerTable({ what, callers, total, unknown, add }: CallerTableProps) {
  const t = useTranslations("addresses.callers");
  if (total + unknown === 0) return null;
  const title = t(what === "would" ? "wouldTitle" : "wereTitle");
  const more = total - callers.length;
  return (
    <section aria-label={title} className="border-line border-t pt-4">
      <h3 className="px-4 font-semibold md:px-6">{title}</h3>
      {callers.length > 0 && (
        <DataTable
          caption={title}
          columns={[
            { id: "caller", label: t("columns.caller") },
            { id: "instance", label: t("columns.instance") },
            { id: "last", label: t("columns.last") },
            { id: "requests", label: t(`columns.${what}`) },
            ...(add ? [{ id: "actions", label: t("columns.actions"), hideLabel: true }] : []),
          ]}
        >
          {callers.map((caller) => (
            <CallerRow key={caller.id} what={what} caller={caller} add={add} />
          ))}
        </DataTable>
      )}
      {(more > 0 || unknown > 0) && (
        <div className="grid gap-1 px-4 py-3 text-muted md:px-6">
          {more > 0 && <p>{t("more", { more })}</p>}
          {unknown > 0 && <p className="text-pretty">{t("unknown", { unknown })}</p>}
        </div>
      )}
    </section>
  );
}

function CallerRow({
  what,
  caller,
  add,
}: Pick<CallerTableProps, "what" | "add"> & { caller: AddressCallerView }) {
  const t = useTranslations("addresses.callers");
  const preflight = useTranslations("preflight");
  const title = useCallerTitle();
  return (
    <TableRow>
      <TableCell>
        <span className="font-semibold wrap-anywhere">{title(caller)}</span>
        <span className="block font-mono text-muted text-xs wrap-anywhere">
          {caller.address ?? preflight("noAddress")}
        </span>
      </TableCell>
      <TableCell label={t("columns.instance")}>
        <Link
          href={`/instances/${caller.instanceId}`}
          className="underline-offset-4 wrap-anywhere hover:underline"
        >
          {caller.instanceName}
        </Link>
      </TableCell>
      <TableCell label={t("columns.last")}>
        <RelativeTime date={caller.lastSeenAt} />
      </TableCell>
      <TableCell label={t(`columns.${what}`)}>{t("requests", { count: caller.requests })}</TableCell>
      {add && (
        <TableCell>
          {caller.address !== null && <AllowCaller address={caller.address} note={title(caller)} add={add} />}
        </TableCell>
      )}
    </TableRow>
  );
}
