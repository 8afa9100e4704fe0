"use client";

import { Lock, Plus, Trash2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { type Failure, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { Button } from "@/components/ui/button";
import { useRows } from "@/components/ui/rows";
import type { ActionResult } from "@/lib/domain/errors";
import { upstreamHeadersMax } from "@/lib/domain/instance";
import * as rowsOf from "./header-rows";

/**
 * The request headers of a form while they are edited: whose values the server holds, and what was refused.
 *
 * @param names of those that are stored
 */
export function useHeaderRows(names: readonly string[]) {
  const [rows, onChange] = useState(() => rowsOf.storedRows(names));
  const [errors, setErrors] = useState(rowsOf.noErrors);
  return {
    fields: { rows, onChange, errors },
    headers: rowsOf.toHeaders(rows),
    /** True while nothing of what is stored would change. */
    unchanged: rows.length === names.length && rows.every(rowsOf.isKept),
    /** After these rows were sent: the server has their values, or what it refused stands beside its field. */
    settle(result: ActionResult<unknown>) {
      const refused = result.ok ? rowsOf.noErrors : rowsOf.errorsByRow(rows, result.fields);
      setErrors(refused);
      onChange(result.ok ? rowsOf.afterSaving : (now) => rowsOf.openRefused(now, refused));
    },
  };
}

interface HeaderFieldsProps extends Pick<ReturnType<typeof useHeaderRows>["fields"], "rows" | "errors"> {
  readonly onChange: (rows: rowsOf.HeaderRow[]) => void;
  readonly hint: string;
  readonly failure: Failure | null;
}

/** Request headers that are added before forwarding; stored values are kept unless replaced. */
export function HeaderFields({ rows, onChange, errors, hint, failure }: HeaderFieldsProps) {
  const message = useFieldMessage();
  // What is wrong with all of them.
  const error = message(fieldError(failure, "headers"));
  const t = useTranslations("instances.upstream");
  const { addButton, isFresh, add, change, remove } = useRows(rows, onChange);
  const id = useId();

  return (
    <fieldset aria-describedby={`${id}-hint`}>
      <legend className="font-medium">{t("headers")}</legend>
      <p id={`${id}-hint`} className="mt-0.5 text-pretty text-muted">
        {hint}
      </p>
      {error && <p className="mt-1.5 text-bad">{error}</p>}
      {rows.length > 0 && (
        <ul className="mt-2 divide-y divide-line border-line border-y">
          {rows.map((row, index) => (
            <HeaderRowFields
              key={row.key}
              row={row}
              position={index + 1}
              errors={errors.get(row.key)}
              fresh={isFresh(row)}
              onChange={(part) => change(row.key, part)}
              onRemove={() => remove(row.key)}
            />
          ))}
        </ul>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button
          ref={addButton}
          size="sm"
          disabled={rows.length >= upstreamHeadersMax}
          onClick={() => add(rowsOf.newRow)}
        >
          <Plus aria-hidden />
          {t("add")}
        </Button>
        {rows.length >= upstreamHeadersMax && (
          <span className="text-muted">{t("full", { max: upstreamHeadersMax })}</span>
        )}
      </div>
    </fieldset>
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
  const value = useRef<HTMLInputElement>(null);
  const replaceButton = useRef<HTMLButtonElement>(null);
  const [turned, setTurned] = useState(0);
  const kept = rowsOf.isKept(row);
  const known = row.name.trim();
  // The server keeps a stored value only as long as the upstream's origin stays. Who asked to replace it knows why it is empty.
  const retype = row.stored && row.value === "" && errors?.value?.code === "required" && turned === 0;

  useEffect(() => {
    if (fresh) name.current?.focus();
  }, [fresh]);

  useEffect(() => {
    // The focused button went away with what it stood beside.
    if (turned > 0) (value.current ?? replaceButton.current)?.focus();
  }, [turned]);

  function turn(replacing: boolean) {
    onChange({ replacing, value: "" });
    setTurned(turned + 1);
  }

  return (
    <li className="grid items-start gap-2 py-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
      <TextField
        hideLabel
        label={t("headerNameOf", { position })}
        name={`headers.${row.key}.name`}
        value={row.name}
        onChange={(value) => onChange({ name: value })}
        error={message(errors?.name)}
        exact
        readOnly={row.stored}
        ref={name}
        placeholder={t("headerName")}
        className="font-mono"
      />
      {kept ? (
        <p className="flex min-h-9 items-center gap-2 text-muted">
          <Lock aria-hidden className="size-4 shrink-0" />
          {t("kept")}
        </p>
      ) : (
        <TextField
          hideLabel
          label={known ? t("headerValueOf", { name: known }) : t("headerValueOfPosition", { position })}
          name={`headers.${row.key}.value`}
          value={row.value}
          onChange={(value) => onChange({ value })}
          error={retype ? t("retype") : message(errors?.value)}
          exact
          ref={value}
          placeholder={t("headerValue")}
          className="font-mono"
        />
      )}
      <div className="flex gap-2">
        {kept && (
          <Button ref={replaceButton} aria-label={t("replaceOf", { name: known })} onClick={() => turn(true)}>
            {t("replace")}
          </Button>
        )}
        {row.stored && row.replacing && (
          <Button aria-label={t("keepOf", { name: known })} onClick={() => turn(false)}>
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
