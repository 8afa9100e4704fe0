"use client";

import { Lock, Plus, Trash2, Undo2 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { ConsequenceCallers } from "@/components/consequence/affected-callers";
import { AnswerStyleField } from "@/components/shell/answer-style";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import { changeUpstreamAction, forecastInstanceChangeAction } from "@/lib/actions/instances";
import type { Consequence } from "@/lib/domain/caller-view";
import { concernsNobody } from "@/lib/domain/consequence";
import { type InstanceDetail, upstreamHeadersMax } from "@/lib/domain/instance";
import * as rowsOf from "./header-rows";

interface UpstreamFormProps {
  readonly instance: InstanceDetail;
  /** What counts without a value. */
  readonly defaultFirstByteSeconds: number;
}

const noErrors: ReturnType<typeof rowsOf.errorsByRow> = new Map();

/** Where an instance's calls go and which headers they get. Stored values are kept unless replaced. */
export function UpstreamForm({ instance, defaultFirstByteSeconds }: UpstreamFormProps) {
  const t = useTranslations("instances.upstream");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit, clear } = useSubmission();
  const [asking, setAsking] = useState<Consequence | null>(null);
  const [url, setUrl] = useState(instance.upstreamUrl ?? "");
  const [firstByteSeconds, setFirstByteSeconds] = useState(String(instance.firstByteSeconds ?? ""));
  const [answerStyle, setAnswerStyle] = useState(instance.answerStyle);
  const [rows, setRows] = useState(() => rowsOf.storedRows(instance.headerNames));
  const [rowErrors, setRowErrors] = useState(noErrors);
  const [added, setAdded] = useState<number | null>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const id = useId();
  const tooMany = fieldMessage(fieldError(failure, "headers"));

  /** Asks first where the calls of somebody are led elsewhere, or get other headers. */
  async function ask() {
    const { id: instanceId, upstreamUrl, headerNames } = instance;
    const sameHeaders = rows.length === headerNames.length && rows.every(rowsOf.isKept);
    if (url.trim() === (upstreamUrl ?? "") && sameHeaders) return save();
    const found = await submit(() => forecastInstanceChangeAction({ instanceId, change: "upstream" }));
    if (!found?.ok) return;
    if (concernsNobody(found.data)) save();
    else setAsking(found.data);
  }

  function save() {
    const sent = rows;
    const input = {
      instanceId: instance.id,
      upstreamUrl: url,
      headers: rowsOf.toHeaders(sent),
      firstByteSeconds,
      ...(answerStyle !== null && { answerStyle }),
    };
    void submit(
      () => changeUpstreamAction(input),
      (result) => {
        // What is refused stands beside its field.
        setAsking(null);
        const errors = result.ok ? noErrors : rowsOf.errorsByRow(sent, result.fields);
        setRowErrors(errors);
        setRows(result.ok ? rowsOf.afterSaving : (now) => rowsOf.openRefused(now, errors));
        if (result.ok) toast.success(t("saved"));
      },
    );
  }

  function leave() {
    clear();
    setAsking(null);
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
      <form ref={form} action={() => void ask()} noValidate>
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
          {answerStyle !== null && <AnswerStyleField value={answerStyle} onChange={setAnswerStyle} />}
        </CardBody>
        <CardFoot note={t("note")}>
          <Button type="submit" pending={pending} className="shrink-0">
            {t("submit")}
          </Button>
        </CardFoot>
      </form>
      {asking && (
        <Dialog
          open
          size="lg"
          onOpenChange={leave}
          title={<span className="wrap-anywhere">{t("ask.title", { name: instance.name })}</span>}
          description={
            <span className="wrap-anywhere">
              {t("ask.description", { echo: url.trim() === "" ? "yes" : "no", upstream: url.trim() })}
            </span>
          }
        >
          <ConsequenceCallers consequence={asking} />
          <DialogActions>
            <Button data-autofocus onClick={leave}>
              {t("ask.cancel")}
            </Button>
            <Button variant="primary" pending={pending} onClick={save}>
              {t("ask.submit")}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Card>
  );
}

interface HeaderRowFieldsProps {
  readonly row: rowsOf.HeaderRow;
  /** 1 for the first row. */
  readonly position: number;
  readonly errors: rowsOf.HeaderRowErrors | undefined;
  /** Added by the click just now: takes the focus. */
  readonly fresh: boolean;
  readonly onChange: (change: Partial<rowsOf.HeaderRow>) => void;
  readonly onRemove: () => void;
}

/** One upstream request header: its name, and its value to type or, when stored, to keep. */
function HeaderRowFields({ row, position, errors, fresh, onChange, onRemove }: HeaderRowFieldsProps) {
  const t = useTranslations("instances.upstream");
  const message = useFieldMessage();
  const name = useRef<HTMLInputElement>(null);
  const kept = rowsOf.isKept(row);
  const known = row.name.trim();
  // The server keeps a stored value only as long as the upstream's origin stays.
  const retype = row.stored && row.value === "" && errors?.value?.code === "required";

  useEffect(() => {
    if (fresh) name.current?.focus();
  }, [fresh]);

  return (
    <li className="grid items-start gap-2 py-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
      <Field
        hideLabel
        label={t("headerNameOf", { position })}
        name={`headers.${row.key}.name`}
        error={message(errors?.name)}
      >
        {(control) => (
          <TextInput
            {...control}
            value={row.name}
            readOnly={row.stored}
            ref={name}
            onChange={(event) => onChange({ name: event.target.value })}
            placeholder={t("headerName")}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      {kept ? (
        <p className="flex min-h-9 items-center gap-2 text-muted">
          <Lock aria-hidden className="size-4 shrink-0" />
          {t("kept")}
        </p>
      ) : (
        <Field
          hideLabel
          label={known ? t("headerValueOf", { name: known }) : t("headerValueOfPosition", { position })}
          name={`headers.${row.key}.value`}
          error={retype ? t("retype") : message(errors?.value)}
        >
          {(control) => (
            <TextInput
              {...control}
              value={row.value}
              onChange={(event) => onChange({ value: event.target.value })}
              placeholder={t("headerValue")}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="font-mono"
            />
          )}
        </Field>
      )}
      <div className="flex gap-2">
        {kept && (
          <Button aria-label={t("replaceOf", { name: known })} onClick={() => onChange({ replacing: true })}>
            {t("replace")}
          </Button>
        )}
        {row.stored && row.replacing && (
          <Button
            aria-label={t("keepOf", { name: known })}
            onClick={() => onChange({ replacing: false, value: "" })}
          >
            <Undo2 aria-hidden />
            {t("keep")}
          </Button>
        )}
        <Button
          variant="quiet"
          aria-label={known ? t("removeOf", { name: known }) : t("removeOfPosition", { position })}
          title={t("remove")}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  );
}

/** Where calls go, for those who may look but not change. */
export function UpstreamSummary({ instance }: { readonly instance: InstanceDetail }) {
  const t = useTranslations("instances.upstream");
  const format = useFormatter();
  const headingId = useId();
  const { upstreamUrl, headerNames } = instance;
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("description")} />
      <CardBody className="grid gap-1 pt-0 md:pt-0 wrap-anywhere">
        <p>{upstreamUrl ?? t("viewerEcho")}</p>
        {headerNames.length > 0 && (
          <p className="text-muted">
            {t("headersList", { names: format.list(headerNames, { type: "unit" }) })}
          </p>
        )}
      </CardBody>
    </Card>
  );
}
