"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { StatusPill, type Tone } from "@/components/ui/status";
import { endpointMethods } from "@/lib/domain/endpoint-rule";
import { unclearPath } from "@/lib/domain/endpoint-seen";
import type { EndpointRulesView, SeenEndpointView } from "@/lib/domain/endpoint-view";
import { Endpoint } from "./rule-list";
import type { EndpointChanges } from "./use-endpoint-changes";

interface SeenProps {
  readonly view: EndpointRulesView;
  /** null: this person may look but not change. */
  readonly changes: EndpointChanges | null;
}

/** Rows shown before one asks for all. */
const shownAtFirst = 6;

const tones: Readonly<Record<SeenEndpointView["verdict"], Tone>> = {
  passes: "good",
  rejected: "bad",
  maybe: "warn",
};

/** What callers call, as far as it is remembered, what the rules would do to it, and a way to make a rule of it. */
export function SeenEndpoints({ view, changes }: SeenProps) {
  const t = useTranslations("endpoints.seen");
  const [all, setAll] = useState(false);
  const { seen, moreSeen, rules } = view;
  const shown = all ? seen : seen.slice(0, shownAtFirst);
  const judged = rules.length > 0;
  return (
    <section aria-label={t("title")} className="border-line border-t pt-4">
      <h3 className="px-4 font-semibold md:px-6">{t("title")}</h3>
      {seen.length === 0 ? (
        <p className="px-4 pt-1 pb-4 text-pretty text-muted md:px-6">{t("none")}</p>
      ) : (
        <DataTable
          caption={t("title")}
          columns={[
            { id: "endpoint", label: t("columns.endpoint") },
            { id: "callers", label: t("columns.callers") },
            { id: "requests", label: t("columns.requests") },
            ...(judged ? [{ id: "verdict", label: t("columns.verdict") }] : []),
            ...(changes ? [{ id: "actions", label: t("columns.actions"), hideLabel: true }] : []),
          ]}
        >
          {shown.map((each) => (
            <SeenRow key={`${each.method} ${each.path}`} seen={each} {...{ view, changes, judged }} />
          ))}
        </DataTable>
      )}
      {(shown.length < seen.length || moreSeen > 0) && (
        <div className="flex flex-wrap items-center gap-3 px-4 py-3 md:px-6">
          {shown.length < seen.length && (
            <Button size="sm" onClick={() => setAll(true)}>
              {t("all", { count: seen.length })}
            </Button>
          )}
          {moreSeen > 0 && <p className="text-muted">{t("more", { more: moreSeen })}</p>}
        </div>
      )}
    </section>
  );
}

interface RowProps extends SeenProps {
  readonly seen: SeenEndpointView;
  readonly judged: boolean;
}

function SeenRow({ seen: { method, path, callers, requests, verdict }, view, changes, judged }: RowProps) {
  const t = useTranslations("endpoints.seen");
  const rule = `${method} ${path}`;
  const isClear = path !== unclearPath;
  const canBeAdded =
    isClear &&
    endpointMethods.some((each) => each === method) &&
    !view.rules.some((each) => each.rule === rule);
  return (
    <TableRow>
      <TableCell>
        {isClear ? (
          <Endpoint method={method} path={path} />
        ) : (
          <span className="text-pretty">
            <b className="font-mono font-semibold">{method}</b> {t("unclear")}
          </span>
        )}
      </TableCell>
      <TableCell label={t("columns.callers")}>{callers}</TableCell>
      <TableCell label={t("columns.requests")}>{requests}</TableCell>
      {judged && (
        <TableCell label={t("columns.verdict")}>
          <StatusPill tone={tones[verdict]}>{t(verdict)}</StatusPill>
        </TableCell>
      )}
      {changes && (
        <TableCell>
          {canBeAdded && (
            <span className="flex sm:justify-end">
              <Button
                size="sm"
                pending={changes.pending}
                aria-label={t("addOf", { rule })}
                onClick={() => changes.add([rule])}
              >
                {t("add")}
              </Button>
            </span>
          )}
        </TableCell>
      )}
    </TableRow>
  );
}
