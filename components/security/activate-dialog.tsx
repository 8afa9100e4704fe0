"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useRef } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { BreakingCallers } from "@/components/preflight/breaking-callers";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { code, Effects } from "@/components/ui/text";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { FieldError } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { ActivateChoices } from "./activate-choices";
import { ActivateNote } from "./activate-note";

interface ActivateDialogProps {
  readonly view: SecurityTokenView;
  /** As it was when the dialog opened, or when somebody looked again: nothing moves under the pointer. */
  readonly forecast: ActivationForecast;
  /** Whether the forecast is another one by now. */
  readonly outdated: boolean;
  readonly onLookAgain: () => void;
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
 * Says who would or may be rejected, by name and number, before the token is activated. With nobody it is one click;
 * else the ready instances are one click, and everything takes typing the account's name.
 */
export function ActivateDialog(props: ActivateDialogProps) {
  const { view, forecast, outdated, onLookAgain, problem, confirmError, pending, onConfirm, onCancel } =
    props;
  const t = useTranslations("security");
  const preflight = useTranslations("preflight.dialog");
  const callers = useRef<HTMLDivElement>(null);
  // A caller can have come since the page was drawn.
  const { total, folded, unproven, readyInstances: ready, unreadyInstances: unready } = forecast;
  const doubtful = total + folded + unproven.total + unproven.folded;
  const breaking = doubtful > 0 || confirmError !== undefined;
  return (
    <Dialog
      open
      size={breaking ? "lg" : "md"}
      onOpenChange={onCancel}
      title={t("dialog.activate.title")}
      description={
        breaking && ready > 0
          ? preflight("partly", { ready, unready })
          : t("dialog.activate.description", { total: view.totalInstances })
      }
    >
      <div className="grid gap-4">
        {problem}
        <div ref={callers} tabIndex={-1} data-autofocus={breaking || undefined} className="rounded-md">
          <BreakingCallers forecast={forecast} total={view.totalInstances} />
        </div>
        {breaking ? <ActivateChoices {...props} /> : <Activation lastFour={view.lastFour ?? ""} />}
        <ActivateNote
          outdated={outdated && !pending}
          onLookAgain={() => {
            onLookAgain();
            callers.current?.focus();
          }}
        />
      </div>
      <DialogActions sticky={!breaking}>
        <Button onClick={onCancel}>{t("action.cancel")}</Button>
        {!breaking && (
          <Button variant="primary" pending={pending} onClick={() => onConfirm("")}>
            {t("dialog.activate.submit")}
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
    </Effects>
  );
}
