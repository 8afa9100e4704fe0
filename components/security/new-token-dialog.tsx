"use client";

import { Check, Copy, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { copyText } from "@/components/ui/copy-button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/field";

/** How the token came about: nobody depends on it yet, the old one works beside it, or only it works. */
export type TokenOrigin = "fresh" | "overlap" | "replaced";

interface NewTokenDialogProps {
  readonly token: string;
  readonly origin: TokenOrigin;
  readonly onDone: () => void;
}

type Outcome = "notCopied" | "copied" | "copyFailed";

/**
 * Shows a new token, this once. Until it has been copied nothing closes the dialog by accident: not Escape,
 * not a click beside it, and a reload is asked about. *Done* always does.
 */
export function NewTokenDialog({ token, origin, onDone }: NewTokenDialogProps) {
  const t = useTranslations("security.newToken");
  const [outcome, setOutcome] = useState<Outcome>("notCopied");
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const copied = outcome === "copied";

  useEffect(() => {
    if (copied) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [copied]);

  async function copy() {
    const worked = await copyText(token);
    setOutcome(worked ? "copied" : "copyFailed");
    if (!worked) field.current?.focus();
  }

  const Icon = copied ? Check : TriangleAlert;
  return (
    <Dialog
      open
      size="lg"
      dismissable={copied}
      onOpenChange={onDone}
      title={t("title")}
      description={t("description")}
    >
      <div className="grid gap-1.5">
        <label htmlFor={id} className="font-medium">
          {t("field")}
        </label>
        <div className="flex flex-col items-start gap-2 sm:flex-row">
          <TextArea
            ref={field}
            id={id}
            readOnly
            rows={2}
            value={token}
            // The token lives here only: nothing that nobody clicked may take the page away.
            data-shown-once
            translate="no"
            spellCheck={false}
            autoComplete="off"
            aria-describedby={`${id}-state`}
            onFocus={(event) => event.currentTarget.select()}
            onCopy={() => setOutcome("copied")}
            className="field-sizing-content min-h-9 flex-1 resize-none break-all font-mono"
          />
          <Button
            variant={copied ? "secondary" : "primary"}
            onClick={copy}
            data-autofocus
            className="max-sm:w-full"
          >
            {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
            {t("copy")}
          </Button>
        </div>
        <p
          id={`${id}-state`}
          role="status"
          className={`mt-1 flex gap-2 text-pretty ${copied ? "text-good" : "text-muted"}`}
        >
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
          {outcome === "copyFailed" ? t(outcome) : t(`${outcome}.${origin}`)}
        </p>
      </div>
      <DialogActions>
        <Button variant={copied ? "primary" : "secondary"} onClick={onDone}>
          {t("done")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
