"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { FailureNotice, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
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

/** Many instances at once: what is to be imported, what would become of it, and that it is done. */
export function ImportPage({ accountId, services, chosenId }: ImportPageProps) {
  const t = useTranslations("imports");
  const fieldMessage = useFieldMessage();
  const { pending, failure, submit, clear } = useSubmission();
  const [step, setStep] = useState<Step>({ kind: "source" });
  const [progress, setProgress] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  const shown = useRef(step.kind);

  useEffect(() => {
    if (shown.current === step.kind) return;
    shown.current = step.kind;
    // The button that led here is gone, and with it the focus.
    const heading = top.current?.querySelector<HTMLElement>("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  }, [step]);

  function preview(source: ImportSource) {
    setProgress(0);
    void submit(
      () => sendImport<ImportPreview>(source, { accountId, plan: null, onProgress: setProgress }),
      (result) => result.ok && setStep({ kind: "preview", source, preview: result.data }),
    );
  }

  function write(source: ImportSource, { plan }: ImportPreview) {
    setProgress(0);
    void submit(
      () => sendImport<{ imported: number }>(source, { accountId, plan, onProgress: setProgress }),
      (result) => result.ok && setStep({ kind: "done", imported: result.data.imported }),
    );
  }

  function back() {
    clear();
    setStep({ kind: "source" });
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
      {pending && <Progress label={t(step.kind === "preview" ? "importing" : "checking")} share={progress} />}
      {/* Kept while a preview is shown, so that nothing typed is lost on the way back. */}
      <div hidden={step.kind !== "source"}>
        <ImportSourceCard services={services} chosenId={chosenId} pending={pending} preview={preview} />
      </div>
      {step.kind === "preview" && (
        <ImportPreviewCard
          key={step.preview.plan}
          preview={step.preview}
          pending={pending}
          outdated={failure?.code === "conflict"}
          again={() => preview(step.source)}
          back={back}
          run={() => write(step.source, step.preview)}
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

function Progress({ label, share }: { readonly label: string; readonly share: number }) {
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
        <progress aria-label={label} value={share} max={1} className={bar} />
      </CardBody>
    </Card>
  );
}
