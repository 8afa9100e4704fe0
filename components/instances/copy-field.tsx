"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { TextArea } from "@/components/ui/field";

interface CopyFieldProps {
  readonly label: string;
  /** What is shown, perhaps masked. */
  readonly value: string;
  readonly copyLabel: string;
  /** What to copy when that differs from what is shown; null copies nothing. Leave both out for no button. */
  readonly getValue?: () => Promise<string | null>;
  readonly copy?: boolean;
  readonly hint?: ReactNode;
  /** It is groups of letters, which stay whole at the end of a line. */
  readonly grouped?: boolean;
  /** More buttons, before Copy. */
  readonly children?: ReactNode;
}

/** Something to read and copy: a read-only field that selects itself and shows all of it on narrow screens, with its buttons beside it. */
export function CopyField({
  label,
  value,
  copyLabel,
  getValue,
  copy = true,
  hint,
  grouped = false,
  children,
}: CopyFieldProps) {
  const t = useTranslations("instances.connection");
  const id = useId();
  const source = getValue ? { getValue } : { value };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="flex flex-wrap items-start gap-2 sm:flex-nowrap">
        <TextArea
          id={id}
          readOnly
          rows={1}
          value={value}
          translate="no"
          spellCheck={false}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onFocus={(event) => event.currentTarget.select()}
          className={`field-sizing-content min-h-9 flex-1 basis-0 resize-none font-mono ${grouped ? "wrap-anywhere" : "break-all"}`}
        />
        {children}
        {copy && (
          <CopyButton
            {...source}
            label={copyLabel}
            copiedLabel={t("copied")}
            failedLabel={t("copyFailed")}
            iconOnly
          />
        )}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-pretty text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
