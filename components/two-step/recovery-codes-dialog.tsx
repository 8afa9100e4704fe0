"use client";

import { Check, Download, Printer, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Dialog, DialogActions } from "../ui/dialog";

interface RecoveryCodesDialogProps {
  readonly codes: readonly string[];
  readonly email: string;
  readonly onDone: () => void;
}

/**
 * Shows recovery codes, this once. Until they have been copied, saved or printed nothing closes the dialog by
 * accident, and a reload is asked about. *Done* always does.
 */
export function RecoveryCodesDialog({ codes, email, onDone }: RecoveryCodesDialogProps) {
  const t = useTranslations("twoStep.codes");
  const [kept, setKept] = useState(false);
  const text = [t("file", { email }), t("fileNote"), "", ...codes, ""].join("\n");

  useEffect(() => {
    if (kept) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [kept]);

  async function copied(): Promise<string> {
    setKept(true);
    return text;
  }

  function download() {
    saveText(t("fileName"), text);
    setKept(true);
  }

  function print() {
    window.print();
    setKept(true);
  }

  const Icon = kept ? Check : TriangleAlert;
  return (
    <Dialog open dismissable={kept} onOpenChange={onDone} title={t("title")} description={t("description")}>
      <div data-print>
        <p className="hidden pb-3 print:block">{t("file", { email })}</p>
        <ul
          aria-label={t("list")}
          translate="no"
          className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-md bg-sunken px-4 py-3 font-mono print:grid-cols-2"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <div className="print:hidden">
        <div className="mt-3 flex flex-wrap gap-2">
          <CopyButton getValue={copied} label={t("copy")} />
          <Button onClick={download}>
            <Download aria-hidden />
            {t("download")}
          </Button>
          <Button onClick={print}>
            <Printer aria-hidden />
            {t("print")}
          </Button>
        </div>
        <p role="status" className={`mt-3 flex gap-2 text-pretty ${kept ? "text-good" : "text-muted"}`}>
          <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t(kept ? "kept" : "keep")}
        </p>
        <DialogActions>
          <Button variant={kept ? "primary" : "secondary"} onClick={onDone}>
            {t("done")}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

/** Lets the browser save text as a file. */
function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has begun by then; some browsers lose it when the address goes at once.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
