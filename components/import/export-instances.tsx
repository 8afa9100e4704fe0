"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog, useFormDialog } from "@/components/shell/form-dialog";
import { Button } from "@/components/ui/button";
import { SelectField } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";

/** Gets the export as a file in memory, so that a refusal can be answered with a proof. */
async function readExport(format: string, tokens: boolean): Promise<ActionResult<Blob>> {
  const query = new URLSearchParams({ format, ...(tokens && { tokens: "yes" }) });
  const response = await fetch(`/instances/export?${query}`);
  return response.ok ? { ok: true, data: await response.blob() } : await response.json();
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The button *Export* with its dialog: the form, and whether the tokens come along. */
export function ExportInstances({ mayReveal }: { readonly mayReveal: boolean }) {
  const t = useTranslations("imports.export");
  const { show, send, dialog } = useFormDialog();
  const [format, setFormat] = useState("csv");
  const [tokens, setTokens] = useState(false);

  function read() {
    send(
      () => readExport(format, tokens),
      (file) => {
        save(file, `latchkey-instances.${format}`);
        toast.success(t("done"));
      },
    );
  }

  return (
    <>
      <Button onClick={show}>
        <Download aria-hidden />
        {t("open")}
      </Button>
      <FormDialog
        {...dialog}
        title={t("title")}
        description={t("description")}
        send={read}
        submit={t("submit")}
      >
        <SelectField label={t("format")} name="format" value={format} onChange={setFormat}>
          <option value="csv">{t("csv")}</option>
          <option value="json">{t("json")}</option>
        </SelectField>
        {mayReveal && (
          <label className="flex items-start gap-2.5">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={tokens}
              onChange={(event) => setTokens(event.target.checked)}
            />
            <span className="text-pretty">
              {t("tokens")} <span className="text-muted">{t("tokensHint")}</span>
            </span>
          </label>
        )}
      </FormDialog>
    </>
  );
}
