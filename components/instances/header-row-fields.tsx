"use client";

import { Lock, Trash2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { useFieldMessage } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Field, TextInput } from "@/components/ui/field";
import { type HeaderRow, type HeaderRowErrors, isKept } from "./header-rows";

interface HeaderRowFieldsProps {
  readonly row: HeaderRow;
  /** 1 for the first row. */
  readonly position: number;
  readonly errors: HeaderRowErrors | undefined;
  /** Added by the click just now: takes the focus. */
  readonly fresh: boolean;
  readonly onChange: (change: Partial<HeaderRow>) => void;
  readonly onRemove: () => void;
}

/** One upstream request header: its name, and its value to type or, when stored, to keep. */
export function HeaderRowFields({ row, position, errors, fresh, onChange, onRemove }: HeaderRowFieldsProps) {
  const t = useTranslations("instances.upstream");
  const message = useFieldMessage();
  const name = useRef<HTMLInputElement>(null);
  const kept = isKept(row);
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
