"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useRef } from "react";
import { useFieldMessage } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Field, TextArea } from "@/components/ui/field";
import type { FieldError } from "@/lib/domain/errors";

/** Wrong lines that are told; with these mended the rest follows. */
const linesTold = 10;

interface AddLinesProps {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly text: string;
  readonly pending: boolean;
  readonly errors: readonly FieldError[];
  readonly onText: (text: string) => void;
  readonly onCancel: () => void;
  readonly onSubmit: () => void;
}

/** Many addresses, one a line; what is wrong is told by line, and the text stays. */
export function AddLines({ form, text, pending, errors, onText, onCancel, onSubmit }: AddLinesProps) {
  const t = useTranslations("addresses.add");
  const message = useFieldMessage();
  const area = useRef<HTMLTextAreaElement>(null);
  const whole = errors.find(({ field }) => field === "text");
  const lines = errors.filter(({ field }) => field !== "text");
  const error = whole
    ? message(whole)
    : lines.length > 0
      ? t("linesWrong", { count: lines.length })
      : undefined;

  useEffect(() => area.current?.focus(), []);

  return (
    <form ref={form} action={onSubmit} noValidate className="grid gap-3">
      <Field label={t("lines")} name="text" hint={t("linesHint")} error={error}>
        {(control) => (
          <TextArea
            {...control}
            ref={area}
            rows={8}
            value={text}
            onChange={(event) => onText(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      {lines.length > 0 && (
        <ul className="grid gap-1 text-bad">
          {lines.slice(0, linesTold).map((each) => (
            <li key={each.field} className="text-pretty wrap-anywhere">
              {t("line", { line: Number(each.field.split(".")[1]), message: message(each) ?? "" })}
            </li>
          ))}
          {lines.length > linesTold && <li>{t("moreLines", { count: lines.length - linesTold })}</li>}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={pending}>
          {t("linesSubmit")}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          {t("one")}
        </Button>
      </div>
    </form>
  );
}
