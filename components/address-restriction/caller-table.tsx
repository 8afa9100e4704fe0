"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { useFieldMessage, useRefusalMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { WrapText } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { addAddressAction } from "@/lib/actions/addresses";
import type { AddressCallerView } from "@/lib/domain/address-view";

interface CallerTableProps {
  /** Callers that would be rejected, or that were. */
  readonly what: "would" | "were";
  readonly callers: readonly AddressCallerView[];
  readonly total: number;
  /** Instances with callers of unknown address. */
  readonly unknown: number;
  readonly mayChange: boolean;
}

/** Callers that are not on the list, each with a way onto it. */
export function AddressCallerTable({ what, callers, total, unknown, mayChange }: CallerTableProps) {
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
            ...(mayChange ? [{ id: "actions", label: t("columns.actions"), hideLabel: true }] : []),
          ]}
        >
          {callers.map((caller) => (
            <CallerRow key={caller.id} what={what} caller={caller} mayChange={mayChange} />
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
  mayChange,
}: Pick<CallerTableProps, "what" | "mayChange"> & { caller: AddressCallerView }) {
  const t = useTranslations("addresses.callers");
  const preflight = useTranslations("preflight");
  const title = useCallerTitle();
  return (
    <TableRow>
      <TableCell>
        <span className="font-semibold wrap-anywhere">{title(caller)}</span>
        <span className="block font-mono text-muted text-xs">
          <WrapText>{caller.address ?? preflight("noAddress")}</WrapText>
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
      {mayChange && (
        <TableCell>
          {caller.address !== null && <AllowCaller address={caller.address} note={title(caller)} />}
        </TableCell>
      )}
    </TableRow>
  );
}

interface AllowCallerProps {
  readonly address: string;
  /** What the entry is for: the caller's name or program. */
  readonly note: string;
}

/** Puts a caller's address on the list. */
function AllowCaller({ address, note }: AllowCallerProps) {
  const t = useTranslations("addresses");
  const refusal = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  const { pending, submit } = useSubmission();

  function allow() {
    void submit(
      () => addAddressAction({ address, note }),
      (result) => {
        if (result.ok) toast.success(t("add.done", { count: 1, address }));
        else toast.error(fieldMessage(result.fields[0]) ?? refusal(result));
      },
    );
  }

  return (
    <span className="flex sm:justify-end">
      <Button size="sm" pending={pending} aria-label={t("callers.allowOf", { address })} onClick={allow}>
        {t("callers.allow")}
      </Button>
    </span>
  );
}
