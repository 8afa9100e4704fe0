"use client";

import { type FailedResult, useRefusalMessage } from "@/components/shell/refusal-message";
import { Notice } from "@/components/ui/notice";

/** Says why something was not done, unless a field of the form says it already. */
export function FailureNotice({ failure }: { readonly failure: FailedResult | null }) {
  const message = useRefusalMessage();
  if (!failure || failure.fields.length > 0) return null;
  return (
    <Notice tone="bad" role="alert">
      {message(failure)}
    </Notice>
  );
}
