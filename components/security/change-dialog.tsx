"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { Button } from "@/components/ui/button";
import { DateTime } from "@/components/ui/date-time";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { code, Effects } from "@/components/ui/text";
import type { RetiringToken, SecurityTokenView } from "@/lib/domain/security-token";
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
    old: view.retiring?.lastFour ?? "",
  };
  const both = view.retiring && change !== "deactivate";
  return (
    <Dialog
      open
      onOpenChange={onCancel}
      title={t(`dialog.${change}.title`)}
      description={
        both ? t.rich(`dialog.${change}.both`, values) : t.rich(`dialog.${change}.description`, values)
      }
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
            {view.retiring && <RotationGoesOn retiring={view.retiring} />}
          </Effects>
        </>
      );
    case "regenerate":
      return (
        <Effects>
          <li>{t("regenerate.nobody", counts)}</li>
          <li>{t.rich(view.retiring ? "regenerate.sendersOfBoth" : "regenerate.senders", wrong)}</li>
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

/** Deactivating leaves a rotation as it is. */
function RotationGoesOn({ retiring }: { readonly retiring: RetiringToken }) {
  const t = useTranslations("security.dialog.deactivate");
  const { lastFour: old, retireAt } = retiring;
  const when = () => retireAt && <DateTime date={retireAt} />;
  return <li>{retireAt ? t.rich("oldUntil", { code, old, when }) : t.rich("oldOpen", { code, old })}</li>;
}
