"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { ConfirmName, nameTag } from "@/components/shell/deletion-dialog";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import type { AddressForecastView, AddressRuleView } from "@/lib/domain/address-view";
import type { AddressActions } from "./address-actions";
import { AddressFailure } from "./address-failure";
import { RejectedCallers } from "./rejected-callers";

interface RemoveDialogProps {
  readonly rule: AddressRuleView;
  readonly enforced: boolean;
  readonly accountName: string;
  readonly actions: AddressActions;
  readonly onClose: () => void;
}

/** Takes an entry off the list; while it is enforced, says first who depends on it, as things are now. */
export function RemoveDialog({ rule, enforced, accountName, actions, onClose }: RemoveDialogProps) {
  const t = useTranslations("addresses");
  const { pending, failure, form, submit } = useSubmission();
  const [confirmation, setConfirmation] = useState("");
  const [forecast, setForecast] = useState<AddressForecastView | null>(null);
  const confirmError = fieldError(failure, "confirmation");
  const asked = useRef(false);

  useEffect(() => {
    if (!enforced || asked.current) return;
    asked.current = true;
    void look();
  });

  async function look() {
    // The use case asks for the name anyway if this fails.
    const result = await actions.forecastRemoval({ ruleId: rule.id }).catch(() => null);
    if (result?.ok) setForecast(result.data);
  }

  function send() {
    void submit(
      () => actions.remove({ ruleId: rule.id, confirmation }),
      (result) => {
        if (!result.ok) return void (fieldError(result, "confirmation") && look());
        toast.success(t("remove.done", { address: rule.cidr }));
        onClose();
      },
    );
  }

  const confirm = forecast?.confirm || confirmError !== undefined;
  return (
    <Dialog
      open
      size={confirm ? "lg" : "md"}
      onOpenChange={onClose}
      title={<span className="wrap-anywhere">{t("remove.title", { address: rule.cidr })}</span>}
    >
      <form ref={form} action={send} noValidate>
        <div className="grid gap-4">
          <AddressFailure failure={failure} shown={["confirmation"]} />
          {forecast && <RejectedCallers forecast={forecast} />}
          <Effects>
            <li>{t("remove.open", { enforced: enforced ? "yes" : "no" })}</li>
            {forecast && !confirm && <li>{t("remove.nobody")}</li>}
            {rule.note && <li className="wrap-anywhere">{t("remove.noted", { note: rule.note })}</li>}
          </Effects>
          {confirm && (
            <ConfirmName
              name="confirmation"
              label={t.rich("remove.confirm", { value: accountName, name: nameTag })}
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
          <Button type="submit" variant="danger" pending={pending}>
            {t("remove.submit")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
