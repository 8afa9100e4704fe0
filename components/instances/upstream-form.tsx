"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Field, TextInput } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";
import { type UpstreamHeader, upstreamHeadersMax } from "@/lib/domain/instance";
import { HeaderRowFields } from "./header-row-fields";
import * as rowsOf from "./header-rows";

/** The server action that changes where calls go. */
export type ChangeUpstreamAction = (input: {
  instanceId: string;
  upstreamUrl: string;
  headers: readonly UpstreamHeader[];
  firstByteSeconds: string;
}) => Promise<ActionResult<unknown>>;

interface UpstreamFormProps {
  readonly instanceId: string;
  readonly upstreamUrl: string | null;
  readonly headerNames: readonly string[];
  readonly firstByteSeconds: number | null;
  /** What counts without a value. */
  readonly defaultFirstByteSeconds: number;
  readonly changeUpstream: ChangeUpstreamAction;
}

const noErrors: ReturnType<typeof rowsOf.errorsByRow> = new Map();

/** Where an instance's calls go and which headers they get. Stored values are kept unless replaced. */
export function UpstreamForm(props: UpstreamFormProps) {
  const { instanceId, upstreamUrl, headerNames, defaultFirstByteSeconds, changeUpstream } = props;
  const t = useTranslations("instances.upstream");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [url, setUrl] = useState(upstreamUrl ?? "");
  const [firstByteSeconds, setFirstByteSeconds] = useState(String(props.firstByteSeconds ?? ""));
  const [rows, setRows] = useState(() => rowsOf.storedRows(headerNames));
  const [rowErrors, setRowErrors] = useState(noErrors);
  const [added, setAdded] = useState<number | null>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const id = useId();
  const tooMany = fieldMessage(fieldError(failure, "headers"));

  function send() {
    const sent = rows;
    void submit(
      () =>
        changeUpstream({ instanceId, upstreamUrl: url, headers: rowsOf.toHeaders(sent), firstByteSeconds }),
      (result) => {
        const errors = result.ok ? noErrors : rowsOf.errorsByRow(sent, result.fields);
        setRowErrors(errors);
        setRows(result.ok ? rowsOf.afterSaving : (now) => rowsOf.openRefused(now, errors));
        if (result.ok) toast.success(t("saved"));
      },
    );
  }

  function add() {
    const next = rowsOf.withNewRow(rows);
    setRows(next);
    setAdded(next.at(-1)?.key ?? null);
  }

  function remove(key: number) {
    setRows(rows.filter((row) => row.key !== key));
    // The focused button goes away with its row.
    addButton.current?.focus();
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <form ref={form} action={send} noValidate>
        <CardHead id={`${id}-title`} title={t("title")} description={t("description")} />
        <CardBody className="grid gap-6 pt-0 md:pt-0">
          <FailureNotice failure={failure} />
          <Field
            label={t("url")}
            name="upstreamUrl"
            hint={t("urlHint")}
            error={fieldMessage(fieldError(failure, "upstreamUrl"))}
          >
            {(control) => (
              <TextInput
                {...control}
                value={url}
                onChange={(event) => setUrl(event.target.value)}
                inputMode="url"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                placeholder={t("urlPlaceholder")}
              />
            )}
          </Field>
          <fieldset aria-describedby={`${id}-hint`}>
            <legend className="font-medium">{t("headers")}</legend>
            <p id={`${id}-hint`} className="mt-0.5 text-pretty text-muted">
              {t("headersHint")}
            </p>
            {tooMany && <p className="mt-1.5 text-bad">{tooMany}</p>}
            {rows.length > 0 && (
              <ul className="mt-2 divide-y divide-line border-line border-y">
                {rows.map((row, index) => (
                  <HeaderRowFields
                    key={row.key}
                    row={row}
                    position={index + 1}
                    errors={rowErrors.get(row.key)}
                    fresh={row.key === added}
                    onChange={(change) => setRows(rowsOf.withRow(rows, row.key, change))}
                    onRemove={() => remove(row.key)}
                  />
                ))}
              </ul>
            )}
            <div className="mt-3 flex flex-wrap items-center gap-3">
              <Button ref={addButton} size="sm" disabled={rows.length >= upstreamHeadersMax} onClick={add}>
                <Plus aria-hidden />
                {t("add")}
              </Button>
              {rows.length >= upstreamHeadersMax && (
                <span className="text-muted">{t("full", { max: upstreamHeadersMax })}</span>
              )}
            </div>
          </fieldset>
          <Field
            label={t("firstByte")}
            name="firstByteSeconds"
            hint={t("firstByteHint", { seconds: defaultFirstByteSeconds })}
            error={fieldMessage(fieldError(failure, "firstByteSeconds"))}
          >
            {(control) => (
              <TextInput
                {...control}
                value={firstByteSeconds}
                onChange={(event) => setFirstByteSeconds(event.target.value)}
                inputMode="numeric"
                autoComplete="off"
                placeholder={String(defaultFirstByteSeconds)}
                className="max-w-32"
              />
            )}
          </Field>
        </CardBody>
        <CardFoot note={t("note")}>
          <Button type="submit" pending={pending} className="shrink-0">
            {t("submit")}
          </Button>
        </CardFoot>
      </form>
    </Card>
  );
}
