"use client";

import { Check, Copy, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useId, useState } from "react";
import { Button, type ButtonProps } from "./button";
import { TextArea } from "./field";

/** Puts text on the clipboard; false when the browser refuses. Works on plain http too. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** navigator.clipboard is missing on insecure origins, where a self-hosted dashboard often lives. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "sr-only";
  const focused = document.activeElement;
  // Inside an open dialog, else the rest of the page is inert and cannot be selected.
  (focused?.closest("dialog") ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}

interface CopyButtonProps extends Pick<ButtonProps, "variant" | "size" | "className"> {
  /** What to copy … */
  readonly value?: string;
  /** … or how to get it on the click; null copies nothing. */
  readonly getValue?: () => Promise<string | null>;
  readonly label: string;
  /** Shows the icon only; the label stays the button's name. */
  readonly iconOnly?: boolean;
}

type Outcome = "idle" | "copied" | "failed";

/** Copies on click and says for two seconds whether it worked. */
export function CopyButton({ value, getValue, label, iconOnly = false, ...rest }: CopyButtonProps) {
  const t = useTranslations("common.copy");
  const [outcome, setOutcome] = useState<Outcome>("idle");

  useEffect(() => {
    if (outcome === "idle") return;
    const timer = setTimeout(() => setOutcome("idle"), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    const text = value ?? (await getValue?.()) ?? null;
    if (text !== null) setOutcome((await copyText(text)) ? "copied" : "failed");
  }

  const Icon = { idle: Copy, copied: Check, failed: X }[outcome];
  const said = { idle: label, copied: t("done"), failed: t("failed") }[outcome];
  const color = { idle: "", copied: "text-good", failed: "text-bad" }[outcome];
  return (
    <Button
      {...rest}
      onClick={copy}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? said : undefined}
    >
      <Icon aria-hidden className={color} />
      {!iconOnly && <Steady texts={[label, t("done"), t("failed")]} shown={said} />}
      <span role="status" className="sr-only">
        {outcome === "idle" ? "" : said}
      </span>
    </Button>
  );
}

/** Keeps the width of the longest text, so that nothing beside it moves. */
function Steady({ texts, shown }: { readonly texts: readonly string[]; readonly shown: string }) {
  return (
    <span className="grid">
      {texts.map((text) => (
        <span
          key={text}
          className={text === shown ? "col-start-1 row-start-1" : "invisible col-start-1 row-start-1"}
        >
          {text}
        </span>
      ))}
    </span>
  );
}

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

/**
 * Something to read and copy: a read-only field that selects itself and shows all of it on narrow screens, with its
 * buttons beside it.
 */
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
        {copy && <CopyButton {...source} label={copyLabel} iconOnly />}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-pretty text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
