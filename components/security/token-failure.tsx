"use client";

import { useTranslations } from "next-intl";
import { FailureNotice } from "@/components/shell/failure-notice";
import type { Failure } from "@/components/shell/use-submission";
import { Notice } from "@/components/ui/notice";
import type { TokenChange } from "@/lib/domain/enforcement";

interface TokenFailureProps {
  readonly failure: Failure;
  readonly change: TokenChange;
}

/** Why a change of the token was not done, and that a token nobody has seen is no harm. */
export function TokenFailure({ failure, change }: TokenFailureProps) {
  const t = useTranslations("security.failed");
  if (failure.code === "conflict") {
    return (
      <Notice tone="warn" role="alert">
        {change === "configure" ? t("conflictToken") : t("conflict")}
      </Notice>
    );
  }
  const making = change === "replace" ? "rotate" : change;
  if (failure.lost && (making === "configure" || making === "regenerate" || making === "rotate")) {
    return (
      <Notice tone="bad" role="alert">
        {t(`lost.${making}`)}
      </Notice>
    );
  }
  return <FailureNotice failure={failure} />;
}
