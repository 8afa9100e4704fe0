"use client";

import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { WrapText } from "@/components/ui/text";
import { endpointRuleParts } from "@/lib/domain/endpoint-rule";
import { unclearPath } from "@/lib/domain/endpoint-seen";
import type { EndpointCallers, EndpointCallerView } from "@/lib/domain/endpoint-view";
import { Endpoint } from "./rule-list";

interface CallersProps extends EndpointCallers {
  /** Callers that would be rejected, or that were. */
  readonly what: "would" | "were";
}

/** Callers and the endpoints that they would lose, or have lost. */
export function EndpointCallersTable({ what, callers, total, others }: CallersProps) {
  const t = useTranslations("endpoints.callers");
  if (callers.length === 0) return null;
  const more = total + Number(others) - callers.length;
  return (
    <section aria-label={t(what)} className="border-line border-t pt-4">
      <h3 className="px-4 font-semibold md:px-6">{t(what)}</h3>
      <DataTable
        caption={t(what)}
        columns={[
          { id: "caller", label: t("columns.caller") },
          { id: "endpoints", label: t("columns.endpoints") },
          { id: "last", label: t("columns.last") },
          { id: "requests", label: t("columns.requests") },
        ]}
      >
        {callers.map((caller) => (
          <CallerRow key={caller.id} caller={caller} />
        ))}
      </DataTable>
      {more > 0 && <p className="px-4 py-3 text-muted md:px-6">{t("more", { more })}</p>}
    </section>
  );
}

function CallerRow({ caller }: { readonly caller: EndpointCallerView }) {
  const t = useTranslations("endpoints.callers");
  const seen = useTranslations("endpoints.seen");
  const preflight = useTranslations("preflight");
  const title = useCallerTitle();
  const { address, others, endpoints, moreEndpoints, unknown, lastSeenAt, requests } = caller;
  return (
    <TableRow>
      <TableCell>
        <span className="font-semibold wrap-anywhere">{title(caller)}</span>
        {!others && (
          <span className="block font-mono text-muted text-xs">
            <WrapText>{address ?? preflight("noAddress")}</WrapText>
          </span>
        )}
      </TableCell>
      <TableCell label={t("columns.endpoints")}>
        <ul className="grid gap-0.5">
          {endpoints.map((endpoint) => {
            const { method, path } = endpointRuleParts(endpoint);
            return (
              <li key={endpoint}>
                {path === unclearPath ? (
                  `${method} ${seen("unclear")}`
                ) : (
                  <Endpoint method={method} path={path} />
                )}
              </li>
            );
          })}
          {moreEndpoints > 0 && (
            <li className="text-muted">{t("moreEndpoints", { count: moreEndpoints })}</li>
          )}
          {unknown && <li className="text-pretty text-muted">{t("unknown")}</li>}
        </ul>
      </TableCell>
      <TableCell label={t("columns.last")}>
        <RelativeTime date={lastSeenAt} />
      </TableCell>
      <TableCell label={t("columns.requests")}>{requests}</TableCell>
    </TableRow>
  );
}
