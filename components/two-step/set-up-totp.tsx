"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { TotpEnrolment } from "@/lib/domain/second-factor";
import { useRefusalMessage } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Button, type ButtonVariant } from "../ui/button";
import { toast } from "../ui/toaster";
import type { SetUpActions } from "./actions";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";
import { TotpDialog } from "./totp-dialog";

interface SetUpTotpProps {
  /** null: nothing to press; what is being shown stays. */
  readonly label: string | null;
  readonly variant: ButtonVariant;
  /** There is an app in use that will be replaced. */
  readonly replaces: boolean;
  readonly email: string;
  readonly actions: SetUpActions;
  readonly className?: string;
}

/**
 * The button that sets up an authenticator app, and its dialogs. Seed and recovery codes live in this
 * component's memory only, so it has to stay in its place when the page refreshes.
 */
export function SetUpTotp({ label, variant, replaces, email, actions, className }: SetUpTotpProps) {
  const t = useTranslations("twoStep.setUp");
  const refusal = useRefusalMessage();
  const { pending, submit } = useSubmission();
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  // What the dialog says stays as it was when it opened.
  const [replacing, setReplacing] = useState(replaces);

  function start() {
    void submit(actions.start, (result) => {
      if (!result.ok) return toast.error(refusal(result));
      setReplacing(replaces);
      setEnrolment(result.data);
    });
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
          confirm={actions.confirm}
          onAdded={added}
          onCancel={() => setEnrolment(null)}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={() => setCodes(null)} />}
    </>
  );
}
