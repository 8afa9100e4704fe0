"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { code } from "@/components/instances/code-tag";
import { Effects } from "@/components/instances/effects";
import { wireAnswers } from "@/components/instances/wire-answers";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { InstanceNames } from "./instance-names";

/** Changes that are asked about first. */
export type ConfirmedChange = "regenerate" | "deactivate" | "remove";

interface ChangeDialogProps {
  readonly change: ConfirmedChange;
  readonly view: SecurityTokenView;
  readonly names: readonly string[];
  readonly pending: boolean;
  readonly problem: ReactNode;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Says what a change will do to whom, with numbers and names, above the button that does it. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { change, view, pending, problem, onConfirm, onCancel } = props;
  const t = useTranslations("security");
  const values = {
    code,
    total: view.totalInstances,
    enforced: view.enforcedInstances,
    lastFour: view.lastFour ?? "",
  };
  return (
    <Dialog
      open
      onOpenChange={onCancel}
      title={t(`dialog.${change}.title`)}
      description={t.rich(`dialog.${change}.description`, values)}
    >
      <div className="grid gap-4">
        {problem}
        <ChangeEffects {...props} />
      </div>
      <DialogActions>
        <Button onClick={onCancel}>{t("action.cancel")}</Button>
        <Button variant="danger" pending={pending} onClick={onConfirm}>
          {t(`dialog.${change}.submit`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function ChangeEffects({ change, view, names }: ChangeDialogProps) {
  const t = useTranslations("security.dialog");
  const counts = { total: view.totalInstances, enforced: view.enforcedInstances };
  const rich = { ...counts, code, lastFour: view.lastFour ?? "" };
  const wrong = { ...rich, answer: wireAnswers.wrongToken };
  switch (change) {
    case "deactivate":
      return (
        <>
          {view.status === "active" && <InstanceNames names={names} total={view.totalInstances} />}
          <Effects>
            <li>{t("deactivate.open", counts)}</li>
            <li>{t("deactivate.senders")}</li>
            {view.status === "staged" && <li>{t("deactivate.chosen")}</li>}
            <li>{t.rich("deactivate.kept", rich)}</li>
          </Effects>
        </>
      );
    case "regenerate":
      return (
        <Effects>
          <li>{t("regenerate.nobody", counts)}</li>
          <li>{t.rich("regenerate.senders", wrong)}</li>
        </Effects>
      );
    case "remove":
      return (
        <Effects>
          <li>{t("remove.nobody", counts)}</li>
          <li>{t("remove.senders")}</li>
          <li>{t("remove.again")}</li>
        </Effects>
      );
  }
}
