"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ChangeDialog } from "@/components/security/change-dialog";
import { TokenFailure } from "@/components/security/token-failure";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";

interface DeactivateButtonProps {
  readonly view: SecurityTokenView;
  /** Names of some of the account's instances, newest first. */
  readonly names: readonly string[];
  /** Whether the button is there; a dialog that is open outlasts it. */
  readonly shown: boolean;
  readonly deactivate: () => Promise<ActionResult<SecurityTokenView>>;
}

/** *Deactivate Token* with its dialog, beside those who stopped working. */
export function DeactivateButton({ view, names, shown, deactivate }: DeactivateButtonProps) {
  const t = useTranslations("security");
  const { pending, failure, submit, clear } = useSubmission();
  const [seen, setSeen] = useState<SecurityTokenView | null>(null);

  function confirm() {
    void submit(deactivate, (result) => {
      if (result.ok || result.code === "conflict") setSeen(null);
      if (result.ok) toast.success(t("dialog.deactivate.done"));
    });
  }

  function ask() {
    clear();
    setSeen(view);
  }

  const problem = failure && <TokenFailure failure={failure} change="deactivate" />;
  return (
    <>
      {shown && <Button onClick={ask}>{t("action.deactivate")}</Button>}
      {!seen && problem}
      {seen && (
        <ChangeDialog
          change="deactivate"
          view={seen}
          names={names}
          pending={pending}
          problem={problem}
          onConfirm={confirm}
          onCancel={() => setSeen(null)}
        />
      )}
    </>
  );
}
