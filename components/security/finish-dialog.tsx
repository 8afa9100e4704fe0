"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import type { RotationProgress } from "@/lib/domain/caller-view";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { OldTokenCallers } from "./old-token-callers";

interface FinishDialogProps {
  readonly view: SecurityTokenView;
  /** Who still sends the old token; null when that is not known. */
  readonly progress: RotationProgress | null;
  readonly pending: boolean;
  readonly problem: ReactNode;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Says by name and instance whom ending the old token would reject, above the button that ends it. */
export function FinishDialog({ view, progress, pending, problem, onConfirm, onCancel }: FinishDialogProps) {
  const t = useTranslations("security.dialog.finish");
  const action = useTranslations("security.action");
  const values = { code, lastFour: view.lastFour ?? "", old: view.retiring?.lastFour ?? "" };
  const demanded = progress?.demanded ?? 0;
  const sending = progress !== null && progress.total + progress.folded > 0;
  return (
    <Dialog open onOpenChange={onCancel} title={t("title")} description={t.rich("description", values)}>
      <div className="grid gap-4">
        {problem}
        {sending ? (
          <Notice tone={demanded > 0 ? "bad" : "warn"} title={t("breaks", { demanded })}>
            <div className="mt-2">
              <OldTokenCallers progress={progress} />
            </div>
          </Notice>
        ) : (
          progress && <Notice tone="good">{t("nobody")}</Notice>
        )}
        <Effects>
          {view.status === "disabled" && <li>{t("disabled")}</li>}
          <li>{t.rich("right", values)}</li>
          <li>{t("last")}</li>
        </Effects>
      </div>
      <DialogActions>
        <Button onClick={onCancel}>{action("cancel")}</Button>
        <Button variant={demanded > 0 ? "danger" : "primary"} pending={pending} onClick={onConfirm}>
          {t("submit")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
