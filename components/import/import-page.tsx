"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { FailureNotice, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, EmptyState } from "@/components/ui/card";
import { ButtonLink } from "@/components/ui/link";
import { Notice } from "@/components/ui/status";
import type { ImportPreview } from "@/lib/domain/instance-import";
import { ImportPreviewCard } from "./import-preview";
import { type ImportableService, ImportSourceCard } from "./import-source";
import { type ImportSource, sendImport } from "./send-import";

interface ImportPageProps {
  readonly accountId: string;
  readonly services: readonly ImportableService[];
  /** The service that is chosen at first; empty: none. */
  readonly chosenId: string;
}

type Step =
  | { readonly kind: "source" }
  | { readonly kind: "preview"; readonly source: ImportSource; readonly preview: ImportPreview }
  | { readonly kind: "done"; readonly imported: number };

/** Marks the preview in the browser's history, so that its back button leads to what was typed. */
const previewMark = "#preview";

/** Many instances at once: what is to be imported, what would become of it, and that it is done. */
export function ImportPage({ accountId, services, chosenId }: ImportPageProps) {
  const t = useTranslations("imports");
  const fieldMessage = useFieldMessage();
  const { pending, failure, submit, clear } = useSubmission();
  const [step, setStep] = useState<Step>({ kind: "source" });
  const [progress, setProgress] = useState(0);
  const [doing, setDoing] = useState<"asking" | "checking" | "importing">("checking");
  const [cancelled, setCancelled] = useState(false);
  const running = useRef<AbortController | null>(null);
  const top = useRef<HTMLDivElement>(null);
  const shown = useRef(step.kind);

  // The button that led here is gone, and with it the focus.
  function focusHeading() {
    const headings = [...(top.current?.querySelectorAll<HTMLElement>("h2") ?? [])];
    const heading = headings.find((each) => each.closest("[hidden]") === null);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  }

  useEffect(() => {
    if (shown.current === step.kind) return;
    shown.current = step.kind;
    focusHeading();
  });

  useEffect(() => {
    function moved() {
      if (window.location.hash === previewMark || shown.current === "source") return;
      running.current?.abort();
      clear();
      setCancelled(false);
      setStep({ kind: "source" });
    }
    window.addEventListener("popstate", moved);
    return () => window.removeEventListener("popstate", moved);
  }, [clear]);

  /** Sends a source, until it is cancelled; whether it was. */
  async function send<T>(
    source: ImportSource,
    plan: string | null,
    take: (data: T) => void,
  ): Promise<boolean> {
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    setCancelled(false);
    setProgress(0);
    setDoing(plan !== null ? "importing" : source.kind === "list" ? "asking" : "checking");
    await submit(
      () => sendImport<T>(source, { accountId, plan, onProgress: setProgress, signal }),
      (result) => {
        if (signal.aborted) clear();
        else if (result.ok) take(result.data);
      },
    );
    return signal.aborted;
  }

  function preview(source: ImportSource) {
    void send<ImportPreview>(source, null, (found) => {
      if (window.location.hash !== previewMark) window.history.pushState(null, "", previewMark);
      setStep({ kind: "preview", source, preview: found });
    });
  }

  async function write(source: ImportSource, { plan }: ImportPreview) {
    const stopped = await send<{ imported: number }>(source, plan, ({ imported }) => {
      window.history.replaceState(null, "", window.location.pathname);
      setStep({ kind: "done", imported });
    });
    if (!stopped || window.location.hash !== previewMark) return;
    // It may have been done just before: what is there now says so.
    preview(source);
    setCancelled(true);
  }

  const [wrong] = failure?.fields ?? [];
  return (
    <div ref={top} className="grid grid-cols-1 gap-5">
      <FailureNotice failure={failure} />
      {wrong && (
        <Notice tone="bad" role="alert">
          {fieldMessage(wrong)}
        </Notice>
      )}
      {cancelled && !pending && (
        <Notice tone="idle" role="status">
          {t("cancelled")}
        </Notice>
      )}
      {pending && (
        <Progress
          label={t(doing === "asking" && progress > 0 ? "checking" : doing)}
          share={progress}
          cancel={() => {
            running.current?.abort();
            focusHeading();
          }}
        />
      )}
      {/* Kept while a preview is shown, so that nothing typed is lost on the way back. */}
      <div hidden={step.kind !== "source"}>
        <ImportSourceCard
          services={services}
          chosenId={chosenId}
          open={step.kind === "source" && !pending}
          pending={pending}
          preview={preview}
        />
      </div>
      {step.kind === "preview" && (
        <ImportPreviewCard
          key={step.preview.plan}
          preview={step.preview}
          pending={pending}
          outdated={failure?.code === "conflict"}
          again={() => preview(step.source)}
          back={() => window.history.back()}
          run={() => void write(step.source, step.preview)}
        />
      )}
      {step.kind === "done" && (
        <Card role="status">
          <EmptyState
            icon={CircleCheck}
            title={t("done.title", { count: step.imported })}
            description={t("done.text")}
            action={
              <ButtonLink href="/instances" variant="primary">
                {t("done.show")}
              </ButtonLink>
            }
          />
        </Card>
      )}
    </div>
  );
}

const bar =
  "h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent " +
  "[&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent";

interface ProgressProps {
  readonly label: string;
  readonly share: number;
  readonly cancel: () => void;
}

function Progress({ label, share, cancel }: ProgressProps) {
  const t = useTranslations("imports");
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button may be at the end of a long list. What newer browsers return is no clean-up.
    here.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <Card as="div">
      <CardBody ref={here} className="grid gap-2">
        <p className="flex justify-between gap-4">
          <span role="status">{label}</span>
          <span className="text-muted tabular-nums">{t("percent", { share })}</span>
        </p>
        <div className="flex items-center gap-4">
          <progress aria-label={label} value={share} max={1} className={bar} />
          <Button size="sm" onClick={cancel}>
            {t("cancel")}
          </Button>
        </div>
      </CardBody>
    </Card>
  );
}
