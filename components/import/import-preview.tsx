"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useMemo, useState } from "react";
import { useFieldMessage } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { Notice, StatusPill } from "@/components/ui/status";
import { WrapText } from "@/components/ui/text";
import type { FieldError } from "@/lib/domain/errors";
import { type ImportLine, type ImportPreview, importLinesPerPage } from "@/lib/domain/instance-import";

interface ImportPreviewProps {
  readonly preview: ImportPreview;
  readonly pending: boolean;
  /** Something has become another since: it has to be looked at again. */
  readonly outdated: boolean;
  readonly again: () => void;
  readonly back: () => void;
  readonly run: () => void;
}

const columns = ["line", "name", "called", "service", "state"] as const;

/** What would become of each line. Nothing is written until *Import* is pressed. */
export function ImportPreviewCard({ preview, pending, outdated, again, back, run }: ImportPreviewProps) {
  const t = useTranslations("imports.preview");
  const pages = useTranslations("common.pages");
  const headingId = useId();
  const { lines, ready, failing, warned, here } = preview;
  const [onlyErrors, setOnlyErrors] = useState(failing > 0 && lines.length > importLinesPerPage);
  const [page, setPage] = useState(0);
  const shown = useMemo(
    () => (onlyErrors ? lines.filter(({ errors }) => errors.length > 0) : lines),
    [lines, onlyErrors],
  );
  const from = page * importLinesPerPage;
  const items = shown.slice(from, from + importLinesPerPage);

  function filter(only: boolean) {
    setOnlyErrors(only);
    setPage(0);
  }

  /** What the import would leave out. */
  function outcome() {
    if (lines.length === 0) return t("nothingNew");
    if (ready === 0) return t("nothing");
    return failing > 0 ? t("leftOut", { count: failing }) : t("whole");
  }

  return (
    <Card aria-labelledby={headingId}>
      <CardHead
        id={headingId}
        title={t("title")}
        description={t("description", { count: lines.length + here })}
      />
      <CardBody className="grid gap-4 pt-0 md:pt-0">
        <div className="flex flex-wrap items-center gap-2">
          <StatusPill tone={ready > 0 ? "good" : "idle"}>{t("ready", { count: ready })}</StatusPill>
          {warned > 0 && <StatusPill tone="warn">{t("warned", { count: warned })}</StatusPill>}
          {failing > 0 && <StatusPill tone="bad">{t("failing", { count: failing })}</StatusPill>}
          {failing > 0 && (
            <label className="ml-auto flex min-h-6 items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={onlyErrors}
                onChange={(event) => filter(event.target.checked)}
              />
              {t("onlyErrors")}
            </label>
          )}
        </div>
        <PreviewNotices preview={preview} />
      </CardBody>
      {lines.length > 0 && (
        <DataTable caption={t("title")} columns={columns.map((id) => ({ id, label: t(`columns.${id}`) }))}>
          {items.map((line) => (
            <PreviewRow key={line.line} line={line} />
          ))}
        </DataTable>
      )}
      {shown.length > importLinesPerPage && (
        <nav
          aria-label={t("pages")}
          className="flex flex-wrap items-center justify-between gap-3 border-line border-t px-4 py-3 md:px-6"
        >
          <p className="text-muted tabular-nums" role="status">
            {pages("summary", { first: from + 1, last: from + items.length, matching: shown.length })}
          </p>
          <div className="flex gap-2">
            <Button size="sm" disabled={page === 0} onClick={() => setPage(page - 1)}>
              <ChevronLeft aria-hidden />
              {pages("previous")}
            </Button>
            <Button
              size="sm"
              disabled={from + importLinesPerPage >= shown.length}
              onClick={() => setPage(page + 1)}
            >
              {pages("next")}
              <ChevronRight aria-hidden />
            </Button>
          </div>
        </nav>
      )}
      <CardFoot note={outcome()}>
        <Button onClick={back} disabled={pending}>
          {t("back")}
        </Button>
        {outdated ? (
          <Button variant="primary" pending={pending} onClick={again}>
            {t("again")}
          </Button>
        ) : (
          ready > 0 && (
            <Button variant="primary" pending={pending} onClick={run}>
              {t("run", { count: ready })}
            </Button>
          )
        )}
      </CardFoot>
    </Card>
  );
}

/** What is true of many lines, said once. */
function PreviewNotices({ preview }: Pick<ImportPreviewProps, "preview">) {
  const t = useTranslations("imports.preview");
  const { here, newTokens, notEnforced, ignored } = preview;
  return (
    <>
      {here > 0 && <Notice tone="idle">{t("here", { count: here })}</Notice>}
      {newTokens > 0 && <Notice tone="idle">{t("newTokens", { count: newTokens })}</Notice>}
      {notEnforced > 0 && <Notice tone="warn">{t("notEnforced", { count: notEnforced })}</Notice>}
      {ignored.length > 0 && (
        <Notice tone="idle" className="wrap-anywhere">
          {t("ignored", { count: ignored.length, columns: ignored.slice(0, 8).join(", ") })}
        </Notice>
      )}
    </>
  );
}

function PreviewRow({ line }: { readonly line: ImportLine }) {
  const t = useTranslations("imports.preview");
  const message = useFieldMessage();
  const { name, called, service, hosts, errors, warning } = line;
  const said = (error: FieldError) =>
    error.field === "line" ? message(error) : t("wrong", { column: error.field, why: message(error) ?? "" });
  const names = [...(called === null ? [] : [called]), ...hosts];
  return (
    <TableRow>
      <TableCell label={t("columns.line")} className="align-top text-muted max-sm:order-last">
        {t("line", { line: line.line })}
      </TableCell>
      <TableCell className="align-top font-medium wrap-anywhere">
        {name || <span className="text-muted">{t("noName")}</span>}
      </TableCell>
      <TableCell label={t("columns.called")} className="align-top">
        {names.length > 0 ? (
          <span className="font-mono text-xs">
            <WrapText>{names.join(" ")}</WrapText>
          </span>
        ) : (
          <span className="text-muted">–</span>
        )}
      </TableCell>
      <TableCell label={t("columns.service")} className="align-top wrap-anywhere">
        {service ?? <span className="text-muted">–</span>}
      </TableCell>
      <TableCell label={t("columns.state")} className="align-top sm:w-2/5">
        {errors.length > 0 ? (
          <ul className="grid gap-1">
            {[...new Set(errors.map(said))].map((text) => (
              <li key={text} className="text-pretty text-bad">
                {text}
              </li>
            ))}
          </ul>
        ) : warning ? (
          <div className="grid justify-items-start gap-1">
            <StatusPill tone="warn">{t("warning")}</StatusPill>
            <span className="text-pretty text-muted">{message(warning)}</span>
          </div>
        ) : (
          <StatusPill tone="good">{t("fine")}</StatusPill>
        )}
      </TableCell>
    </TableRow>
  );
}
