"use client";

import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { type Overlap, retirementAt } from "@/lib/domain/rotation";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { OverlapField } from "./overlap-field";

interface RotateDialogProps {
  readonly view: SecurityTokenView;
  /** For a leak: without an overlap. */
  readonly atOnce: boolean;
  readonly pending: boolean;
  readonly problem: ReactNode;
  readonly onConfirm: (overlap: Overlap) => void;
  readonly onCancel: () => void;
}

/** Asks how long the old token works beside the new one, and says what that means to callers. */
export function RotateDialog({ view, atOnce, pending, problem, onConfirm, onCancel }: RotateDialogProps) {
  const t = useTranslations("security");
  const [overlap, setOverlap] = useState<Overlap>(atOnce ? "now" : "24h");
  const values = { code, lastFour: view.lastFour ?? "", old: view.retiring?.lastFour ?? "" };
  const dialog = atOnce ? (view.retiring ? "replaceBoth" : "replace") : "rotate";
  return (
    <Dialog
      open
      onOpenChange={onCancel}
      title={t(`dialog.${dialog}.title`)}
      description={t.rich(`dialog.${dialog}.description`, values)}
    >
      <div className="grid gap-4">
        {problem}
        {!atOnce && <OverlapField value={overlap} onChange={setOverlap} />}
        <RotationEffects view={view} overlap={overlap} />
      </div>
      <DialogActions>
        <Button onClick={onCancel}>{t("action.cancel")}</Button>
        <Button
          variant={overlap === "now" ? "danger" : "primary"}
          pending={pending}
          onClick={() => onConfirm(overlap)}
        >
          {t(`dialog.${dialog}.submit`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface RotationEffectsProps {
  readonly view: SecurityTokenView;
  readonly overlap: Overlap;
}

function RotationEffects({ view, overlap }: RotationEffectsProps) {
  const t = useTranslations("security.dialog.rotate");
  const format = useFormatter();
  const values = { code, lastFour: view.lastFour ?? "", answer: wireAnswers.wrongToken };
  const end = retirementAt(overlap, new Date());
  if (overlap === "now") {
    return (
      <>
        <Notice tone="bad" title={t("now.title")}>
          {t("now.text", { enforced: view.enforcedInstances, total: view.totalInstances })}
        </Notice>
        <Effects>
          <li>{view.retiring ? t.rich("now.both", values) : t.rich("now.old", values)}</li>
          <li>{t("now.new")}</li>
        </Effects>
      </>
    );
  }
  const when = end ? format.dateTime(end, { dateStyle: "medium", timeStyle: "short" }) : "";
  return (
    <Effects>
      <li>{t("nobody")}</li>
      <li>{end ? t.rich("until", { ...values, when }) : t.rich("open", values)}</li>
    </Effects>
  );
}
