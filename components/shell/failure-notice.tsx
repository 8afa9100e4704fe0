"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { useRefusalMessage } from "./refusal-message";
import type { Failure } from "./use-submission";

/** Says why something was not done, unless a field of the form says it already. */
export function FailureNotice({ failure }: { readonly failure: Failure | null }) {
  const t = useTranslations("errors");
  const message = useRefusalMessage();
  if (!failure || failure.fields.length > 0) return null;
  return (
    <Notice tone="bad" role="alert">
      {failure.lost ? t("lost") : message(failure)}
    </Notice>
  );
}
