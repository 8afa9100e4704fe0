import { useTranslations } from "next-intl";
import { type Failure, FailureNotice } from "@/components/shell/refusal";
import { Notice } from "@/components/ui/status";
import type { TokenChange } from "@/lib/domain/enforcement";

interface TokenFailureProps {
  readonly failure: Failure;
  readonly change: TokenChange;
}

/** Conflicts that have words of their own. */
const conflicts = { configure: "conflictToken", finish: "rotationOver" } as const;

/** Why a change of the token was not done, and that a token nobody has seen is no harm. */
export function TokenFailure({ failure, change }: TokenFailureProps) {
  const t = useTranslations("security.failed");
  if (failure.code === "conflict") {
    return (
      <Notice tone="warn" role="alert">
        {t(conflicts[change as keyof typeof conflicts] ?? "conflict")}
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
