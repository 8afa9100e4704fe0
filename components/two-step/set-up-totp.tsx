"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { confirmTotpAction, startTotpAction } from "@/lib/actions/second-factors";
import type { TotpEnrolment } from "@/lib/domain/second-factor";
import { FailureNotice, useRefusalMessage } from "../shell/refusal";
import { TextField } from "../shell/text-field";
import { useSubmission } from "../shell/use-submission";
import { Button, type ButtonVariant } from "../ui/button";
import { CopyField } from "../ui/copy-button";
import { Dialog, DialogActions } from "../ui/dialog";
import { toast } from "../ui/toaster";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";

interface SetUpTotpProps {
  /** null: nothing to press; what is being shown stays. */
  readonly label: string | null;
  readonly variant: ButtonVariant;
  /** There is an app in use that will be replaced. */
  readonly replaces: boolean;
  readonly email: string;
  readonly className?: string;
}

/**
 * The button that sets up an authenticator app, and its dialogs. Seed and recovery codes live in this
 * component's memory only, so it has to stay in its place when the page refreshes.
 */
export function SetUpTotp({ label, variant, replaces, email, className }: SetUpTotpProps) {
  const t = useTranslations("twoStep.setUp");
  const refusal = useRefusalMessage();
  const { pending, submit } = useSubmission();
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  // What the dialog says stays as it was when it opened.
  const [replacing, setReplacing] = useState(replaces);

  function start() {
    void submit(
      () => startTotpAction(),
      (result) => {
        if (!result.ok) return toast.error(refusal(result));
        setReplacing(replaces);
        setEnrolment(result.data);
      },
    );
  }

  function added(recoveryCodes: readonly string[] | null) {
    setEnrolment(null);
    setCodes(recoveryCodes);
    toast.success(t(replacing ? "replaced" : "on"));
  }

  return (
    <>
      {label !== null && (
        <Button variant={variant} pending={pending} onClick={start} className={className}>
          {label}
        </Button>
      )}
      {enrolment && (
        <TotpDialog
          enrolment={enrolment}
          replaces={replacing}
          onAdded={added}
          onCancel={() => setEnrolment(null)}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={() => setCodes(null)} />}
    </>
  );
}

interface TotpDialogProps {
  readonly enrolment: TotpEnrolment;
  readonly replaces: boolean;
  /** It is on; with recovery codes when this is the first factor. */
  readonly onAdded: (recoveryCodes: readonly string[] | null) => void;
  readonly onCancel: () => void;
}

/** Shows the seed as a QR code and as a key to type, and asks for the first code of the app. */
function TotpDialog({ enrolment, replaces, onAdded, onCancel }: TotpDialogProps) {
  const t = useTranslations("twoStep");
  const common = useTranslations("common");
  const { pending, failure, form, submit } = useSubmission();
  const [code, setCode] = useState("");

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void submit(
      () => confirmTotpAction({ enrolmentId: enrolment.enrolmentId, code }),
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
        <TextField
          label={t("setUp.code")}
          name="code"
          value={code}
          onChange={setCode}
          failure={failure}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={20}
          className="font-mono"
        />
        <DialogActions>
          <Button onClick={onCancel}>{common("cancel")}</Button>
          <Button type="submit" variant="primary" pending={pending}>
            {t(replaces ? "setUp.replaceSubmit" : "setUp.submit")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface QrCodeProps {
  readonly qr: TotpEnrolment["qr"];
  readonly label: string;
}

/** A QR code, dark on white in either theme: scanners expect that. */
function QrCode({ qr: { size, path }, label }: QrCodeProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-44 shrink-0 rounded-md border border-line"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
