"use client";

import { Check, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button";

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
  readonly copiedLabel: string;
  readonly failedLabel: string;
  /** Shows the icon only; the label stays the button's name. */
  readonly iconOnly?: boolean;
}

type Outcome = "idle" | "copied" | "failed";

/** Copies on click and says for two seconds whether it worked. */
export function CopyButton({
  value,
  getValue,
  label,
  copiedLabel,
  failedLabel,
  iconOnly = false,
  ...rest
}: CopyButtonProps) {
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
  const said = { idle: label, copied: copiedLabel, failed: failedLabel }[outcome];
  const color = { idle: "", copied: "text-good", failed: "text-bad" }[outcome];
  return (
    <Button
      {...rest}
      onClick={copy}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? said : undefined}
    >
      <Icon aria-hidden className={color} />
      {!iconOnly && <Steady texts={[label, copiedLabel, failedLabel]} shown={said} />}
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
