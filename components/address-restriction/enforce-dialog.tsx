"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { ConfirmName, nameTag } from "@/components/shell/deletion-dialog";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import type { AddressForecastView } from "@/lib/domain/address-view";
import type { AddressActions } from "./address-actions";
import { AddressFailure } from "./address-failure";
import { RejectedCallers } from "./rejected-callers";

interface EnforceDialogProps {
  /** Goes on with the page while the dialog is open: who appears now is named now. */
  readonly forecast: AddressForecastView;
  readonly rules: number;
  readonly accountName: string;
  readonly run: AddressActions["enforce"];
  readonly onClose: () => void;
}

/** Says who would be rejected, by name and number; with a caller in use among them, asks for the account's name. */
export function EnforceDialog({ forecast, rules, accountName, run, onClose }: EnforceDialogProps) {
  const t = useTranslations("addresses");
  const { pending, failure, form, submit } = useSubmission();
  const [confirmation, setConfirmation] = useState("");
  const confirmError = fieldError(failure, "confirmation");
  const confirm = forecast.confirm || confirmError !== undefined;
  const breaking = forecast.total + forecast.unknown > 0;
  const { passing } = forecast;

  function send() {
    void submit(
      () => run({ confirmation }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("enforce.done"));
        onClose();
      },
    );
  }

  return (
    <Dialog
      open
      size={breaking ? "lg" : "md"}
      onOpenChange={onClose}
      title={t("enforce.title")}
      description={t("enforce.description", { rules })}
    >
      <form ref={form} action={send} noValidate>
        <div className="grid gap-4">
          <AddressFailure failure={failure} shown={["confirmation"]} />
          {breaking ? (
            <RejectedCallers forecast={forecast} />
          ) : (
            <Notice tone={passing > 0 ? "good" : "idle"}>{t("enforce.nobody", { passing })}</Notice>
          )}
          <Effects>
            <li>{t.rich("enforce.answer", { code, answer: wireAnswers.address })}</li>
            <li>{t("enforce.undo")}</li>
          </Effects>
          {confirm && (
            <ConfirmName
              name="confirmation"
              label={t.rich("enforce.confirm", { value: accountName, name: nameTag })}
              value={confirmation}
              error={confirmError}
              onChange={setConfirmation}
            />
          )}
        </div>
        <DialogActions>
          <Button data-autofocus onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" variant={breaking ? "danger" : "primary"} pending={pending}>
            {t("enforce.submit")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
