"use client";

import { useTranslations } from "next-intl";
import type { ReactNode, RefObject } from "react";
import { code } from "@/components/instances/code-tag";
import { Effects } from "@/components/instances/effects";
import { wireAnswers } from "@/components/instances/wire-answers";
import { BreakingCallers } from "@/components/preflight/breaking-callers";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { FieldError } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { ActivateAnyway } from "./activate-anyway";

interface ActivateDialogProps {
  readonly view: SecurityTokenView;
  readonly forecast: ActivationForecast;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  readonly pending: boolean;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly problem: ReactNode;
  /** What was wrong with the name that was typed, or that none was. */
  readonly confirmError: FieldError | undefined;
  /** @param confirmation the name that was typed; empty while it is not asked for */
  readonly onConfirm: (confirmation: string) => void;
  readonly onReady: () => void;
  readonly onCancel: () => void;
}

/**
 * Says who would be rejected, by name and number, before the token is activated. With nobody it is one click;
 * else the ready instances are one click, and everything takes typing the account's name.
 */
export function ActivateDialog(props: ActivateDialogProps) {
  const { view, forecast, accountName, pending, form, problem, confirmError } = props;
  const { onConfirm, onReady, onCancel } = props;
  const t = useTranslations("security");
  const preflight = useTranslations("preflight.dialog");
  // A caller can have come since the page was drawn.
  const breaking = forecast.total + forecast.folded > 0 || confirmError !== undefined;
  const partly = breaking && forecast.readyInstances > 0;
  const { readyInstances: ready, unreadyInstances: unready } = forecast;
  return (
    <Dialog
      open
      size={breaking ? "lg" : "md"}
      onOpenChange={onCancel}
      title={t("dialog.activate.title")}
      description={t("dialog.activate.description", { total: view.totalInstances })}
    >
      <div className="grid gap-4">
        {problem}
        <BreakingCallers forecast={forecast} total={view.totalInstances} />
        {breaking ? (
          <>
            <p className="text-pretty">
              {partly && preflight("readyHint", { ready, unready })} {t("dialog.activate.undo")}
            </p>
            <ActivateAnyway {...{ accountName, pending, form, onConfirm }} error={confirmError} />
          </>
        ) : (
          <Activation lastFour={view.lastFour ?? ""} />
        )}
      </div>
      <DialogActions>
        <Button data-autofocus={breaking || undefined} onClick={onCancel}>
          {t("action.cancel")}
        </Button>
        {!breaking && (
          <Button variant="primary" pending={pending} onClick={() => onConfirm("")}>
            {t("dialog.activate.submit")}
          </Button>
        )}
        {partly && (
          <Button variant="primary" pending={pending} onClick={onReady}>
            {preflight("ready")}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** What each call gets from then on. */
function Activation({ lastFour }: { readonly lastFour: string }) {
  const t = useTranslations("security.dialog.activate");
  return (
    <Effects>
      <li>{t.rich("right", { code, lastFour })}</li>
      <li>{t.rich("missing", { code, answer: wireAnswers.missingToken })}</li>
      <li>{t.rich("wrong", { code, answer: wireAnswers.wrongToken })}</li>
      <li>{t("undo")}</li>
    </Effects>
  );
}
