"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { code } from "@/components/instances/code-tag";
import { Effects } from "@/components/instances/effects";
import { wireAnswers } from "@/components/instances/wire-answers";
import { BreakingCallers } from "@/components/preflight/breaking-callers";
import { useFieldMessage } from "@/components/shell/refusal-message";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { InstanceNames } from "./instance-names";

interface ActivateDialogProps {
  readonly view: SecurityTokenView;
  readonly names: readonly string[];
  readonly forecast: ActivationForecast;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  readonly pending: boolean;
  readonly problem: ReactNode;
  readonly onConfirm: () => void;
  readonly onReady: () => void;
  readonly onCancel: () => void;
}

/**
 * Says who would be rejected, by name and number, before the token is activated. With nobody it is one click;
 * else the ready instances are one click, and everything takes typing the account's name.
 */
export function ActivateDialog(props: ActivateDialogProps) {
  const { view, names, forecast, accountName, pending, problem, onConfirm, onReady, onCancel } = props;
  const t = useTranslations("security");
  const preflight = useTranslations("preflight.dialog");
  const fieldMessage = useFieldMessage();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const breaking = forecast.total + forecast.folded > 0;
  const partly = breaking && forecast.readyInstances > 0;
  const values = { code, total: view.totalInstances, lastFour: view.lastFour ?? "" };

  function activate() {
    const known = !breaking || typed.trim() === accountName;
    setWrong(!known);
    if (known) onConfirm();
  }

  return (
    <Dialog
      open
      size={breaking ? "lg" : "md"}
      onOpenChange={onCancel}
      title={t("dialog.activate.title")}
      description={t.rich("dialog.activate.description", values)}
    >
      <form action={activate} noValidate>
        <div className="grid gap-4">
          {problem}
          <BreakingCallers forecast={forecast} total={view.totalInstances} />
          {breaking ? (
            <p className="text-pretty">
              {partly &&
                preflight("readyHint", {
                  ready: forecast.readyInstances,
                  unready: forecast.unreadyInstances,
                })}{" "}
              {t("dialog.activate.undo")}
            </p>
          ) : (
            <>
              <InstanceNames names={names} total={view.totalInstances} />
              <Effects>
                <li>{t.rich("dialog.activate.missing", { ...values, answer: wireAnswers.missingToken })}</li>
                <li>{t.rich("dialog.activate.wrong", { ...values, answer: wireAnswers.wrongToken })}</li>
                <li>{t("dialog.activate.right")}</li>
                <li>{t("dialog.activate.undo")}</li>
              </Effects>
            </>
          )}
          {breaking && (
            <Field
              label={preflight.rich("confirm", {
                value: accountName,
                name: (chunks) => <b className="font-semibold wrap-anywhere">{chunks}</b>,
              })}
              name="accountName"
              error={wrong ? fieldMessage({ field: "accountName", code: "name_mismatch" }) : undefined}
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                />
              )}
            </Field>
          )}
        </div>
        <DialogActions>
          <Button data-autofocus={breaking || undefined} onClick={onCancel}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" variant={breaking ? "danger" : "primary"} pending={pending}>
            {t("dialog.activate.submit")}
          </Button>
          {partly && (
            <Button variant="primary" pending={pending} onClick={onReady}>
              {preflight("ready")}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
