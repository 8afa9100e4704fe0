"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/status";
import type { ActionResult, FieldError } from "@/lib/domain/errors";

/** A server action's "no". */
export type FailedResult = Extract<ActionResult<unknown>, { ok: false }>;

/** Turns a refusal into a sentence: what happened, what is safe, what to do. */
export function useRefusalMessage(): (result: FailedResult) => string {
  const t = useTranslations("errors");
  return (result) => {
    if (result.code !== "limited") return t(`code.${result.code}`);
    const { unit, count } = waiting(result.retryAfter ?? 60);
    return t("code.limited", { wait: t(`wait.${unit}`, { count }) });
  };
}

/** Turns a refused field into a sentence; undefined for a field that is fine. */
export function useFieldMessage(): (error: FieldError | undefined) => string | undefined {
  const t = useTranslations("errors.field");
  return (error) => error && t(error.code, error.params);
}

/** The error of one field, if it has one. */
export function fieldError(result: ActionResult<unknown> | null, field: string): FieldError | undefined {
  return result && !result.ok ? result.fields.find((each) => each.field === field) : undefined;
}

function waiting(seconds: number): { unit: "seconds" | "minutes" | "hours"; count: number } {
  if (seconds < 60) return { unit: "seconds", count: Math.max(1, Math.ceil(seconds)) };
  if (seconds < 3600) return { unit: "minutes", count: Math.ceil(seconds / 60) };
  return { unit: "hours", count: Math.ceil(seconds / 3600) };
}

/** Why something was not done; `lost`: no answer came, so it may have been done after all. */
export type Failure = FailedResult & { readonly lost?: true };

interface FailureNoticeProps {
  readonly failure: Failure | null;
  /** Fields that stand beside a control of their own, where not all do: what is wrong with another is said here. */
  readonly shown?: readonly string[];
  /** The page shows by itself what others change. */
  readonly live?: boolean;
}

/** Says why something was not done, unless a field of the form says it already. */
export function FailureNotice({ failure, shown, live = false }: FailureNoticeProps) {
  const t = useTranslations("errors");
  const message = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  if (!failure) return null;
  const unseen = shown && failure.fields.find(({ field }) => !shown.includes(field));
  if (unseen || (live && failure.code === "conflict")) {
    return (
      <Notice tone={unseen ? "bad" : "warn"} role="alert">
        {unseen ? fieldMessage(unseen) : t("conflictShown")}
      </Notice>
    );
  }
  if (failure.fields.length > 0) return null;
  return (
    <Notice tone="bad" role="alert">
      {failure.lost ? t("lost") : message(failure)}
    </Notice>
  );
}
