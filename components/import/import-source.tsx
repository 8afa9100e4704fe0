"use client";

import { FileUp, ServerCog, X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { Field, SelectField, TextArea } from "@/components/ui/field";
import { code } from "@/components/ui/text";
import { importColumns, importLimits } from "@/lib/domain/instance-import";
import type { ImportSource } from "./send-import";

/** A service that lines can be for. */
export interface ImportableService {
  readonly id: string;
  readonly name: string;
  /** What its gateway is called, where that can say what it has; null otherwise. */
  readonly lists: string | null;
}

interface ImportSourceProps {
  readonly services: readonly ImportableService[];
  /** The service that is chosen at first; empty: none. */
  readonly chosenId: string;
  /** It can be changed now. */
  readonly open: boolean;
  readonly pending: boolean;
  readonly preview: (source: ImportSource) => void;
}

const sample = "name,id,token\nNight orders,3C67AB641C8A,F2B6C1D0E9A84735";

/** What is to be imported: pasted, dropped, chosen, or asked for at a service's gateway. */
export function ImportSourceCard({ services, chosenId, open, pending, preview }: ImportSourceProps) {
  const t = useTranslations("imports.source");
  const format = useFormatter();
  const headingId = useId();
  const input = useRef<HTMLInputElement>(null);
  const chooseButton = useRef<HTMLButtonElement>(null);
  const [serviceId, setServiceId] = useState(chosenId);
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const chosen = services.find(({ id }) => id === serviceId);
  const tooLarge = file !== null && file.size > importLimits.megabytes * 1024 * 1024;

  const over = useDroppedFile(open, setFile);

  function send() {
    const body = file ?? new Blob([text]);
    preview({ kind: "file", body, serviceId: serviceId || null });
  }

  return (
    <Card
      aria-labelledby={headingId}
      className={over ? "outline-2 outline-accent outline-dashed" : undefined}
    >
      <CardHead id={headingId} title={t("title")} description={t("description", importLimits)} />
      <CardBody className="grid gap-5 pt-0 md:pt-0">
        {services.length > 0 && (
          <SelectField
            label={t("service")}
            name="service"
            hint={t("serviceHint")}
            value={serviceId}
            onChange={setServiceId}
            className="sm:max-w-80"
          >
            <option value="">{t("noService")}</option>
            {services.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        {chosen?.lists && (
          <div className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-sunken px-4 py-3">
            <p className="min-w-0 flex-1 basis-64 text-pretty">{t("list", { gateway: chosen.lists })}</p>
            <Button pending={pending} onClick={() => preview({ kind: "list", serviceId: chosen.id })}>
              <ServerCog aria-hidden />
              {t("readList", { gateway: chosen.lists })}
            </Button>
          </div>
        )}
        {file === null ? (
          <Field label={t("paste")} name="text" hint={t("pasteHint")}>
            {(control) => (
              <TextArea
                {...control}
                rows={8}
                value={text}
                onChange={(event) => setText(event.target.value)}
                placeholder={sample}
                spellCheck={false}
                autoCapitalize="none"
                autoComplete="off"
                className="font-mono sm:text-xs"
              />
            )}
          </Field>
        ) : (
          <p className="flex items-center gap-3 rounded-md bg-sunken py-2 pr-2 pl-4">
            <span className="min-w-0 flex-1 wrap-anywhere">
              {t("file", { name: file.name, size: format.number(Math.ceil(file.size / 1024)) })}
            </span>
            <Button
              variant="quiet"
              size="sm"
              aria-label={t("removeFile")}
              onClick={() => {
                setFile(null);
                // The focused button goes away with the file.
                chooseButton.current?.focus();
              }}
            >
              <X aria-hidden />
            </Button>
          </p>
        )}
        {tooLarge && <p className="text-bad">{t("tooLarge", importLimits)}</p>}
        <details>
          <summary className="w-fit cursor-pointer font-medium">{t("columns.title")}</summary>
          <dl className="mt-3 grid gap-x-6 gap-y-1.5 sm:grid-cols-[max-content_minmax(0,1fr)]">
            {importColumns.map((column) => (
              <div key={column} className="contents">
                <dt>{code(column)}</dt>
                <dd className="text-pretty text-muted max-sm:mb-1.5">{t(`columns.${column}`)}</dd>
              </div>
            ))}
          </dl>
        </details>
      </CardBody>
      <CardFoot note={t("note")}>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t("choose")}
          accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,application/json"
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? file);
            event.target.value = "";
          }}
        />
        <Button ref={chooseButton} onClick={() => input.current?.click()}>
          <FileUp aria-hidden />
          {t("choose")}
        </Button>
        <Button
          variant="primary"
          pending={pending}
          disabled={tooLarge || (file === null && text.trim() === "")}
          onClick={send}
        >
          {t("preview")}
        </Button>
      </CardFoot>
    </Card>
  );
}

/**
 * Takes a file that is dropped anywhere on the page: beside a smaller place the browser would open it, and what was typed would
 * be lost. While `open` is false, none is taken. Says whether one is held over the page.
 */
function useDroppedFile(open: boolean, take: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hold = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(open);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      setOver(false);
      if (open) take(file);
    };
    window.addEventListener("dragover", hold);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", hold);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [open, take]);
  return over;
}
