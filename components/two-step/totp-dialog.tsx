"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { TotpEnrolment } from "@/lib/domain/second-factor";
import { FailureNotice, fieldError, useFieldMessage } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Button } from "../ui/button";
import { CopyField } from "../ui/copy-button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Field, TextInput } from "../ui/field";
import type { SetUpActions } from "./actions";
import { QrCode } from "./qr-code";

interface TotpDialogProps {
  readonly enrolment: TotpEnrolment;
  readonly replaces: boolean;
  readonly confirm: SetUpActions["confirm"];
  /** It is on; with recovery codes when this is the first factor. */
  readonly onAdded: (recoveryCodes: readonly string[] | null) => void;
  readonly onCancel: () => void;
}

/** Shows the seed as a QR code and as a key to type, and asks for the first code of the app. */
export function TotpDialog({ enrolment, replaces, confirm, onAdded, onCancel }: TotpDialogProps) {
  const t = useTranslations("twoStep");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [code, setCode] = useState("");

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void submit(
      () => confirm({ enrolmentId: enrolment.enrolmentId, code }),
      (result) => result.ok && onAdded(result.data.recoveryCodes),
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onCancel}
      title={t(replaces ? "setUp.replaceTitle" : "setUp.title")}
      description={t(replaces ? "setUp.replaceDescription" : "setUp.description")}
    >
      <form ref={form} onSubmit={send} noValidate className="grid gap-4">
        <FailureNotice failure={failure} />
        <div className="grid justify-items-center gap-2 sm:grid-cols-[auto_minmax(0,1fr)] sm:justify-items-start sm:gap-4">
          <QrCode qr={enrolment.qr} label={t("setUp.qr")} />
          <div className="grid content-center gap-2 text-pretty max-sm:text-center">
            <p>{t("setUp.scan")}</p>
            <p>
              <a href={enrolment.uri} className="font-medium text-accent underline underline-offset-3">
                {t("setUp.open")}
              </a>
            </p>
          </div>
        </div>
        <CopyField label={t("setUp.key")} value={enrolment.key} grouped copyLabel={t("setUp.copyKey")} />
        <Field label={t("setUp.code")} name="code" error={fieldMessage(fieldError(failure, "code"))}>
          {(control) => (
            <TextInput
              {...control}
              value={code}
              onChange={(event) => setCode(event.target.value)}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              maxLength={20}
              className="font-mono"
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onCancel}>{t("cancel")}</Button>
          <Button type="submit" variant="primary" pending={pending}>
            {t(replaces ? "setUp.replaceSubmit" : "setUp.submit")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
