"use client";

import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import { useAssertion } from "../passkeys/use-assertion";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/dialog";
import { Notice } from "../ui/notice";
import type { ProofActions } from "./proof-ways";

interface ProofByPasskeyProps {
  readonly actions: Pick<ProofActions, "startPasskey" | "passkey">;
  /** True: proven. False: given up. */
  readonly onClose: (proven: boolean) => void;
  readonly onOther: () => void;
}

/** Asks for a passkey; the password and a code stay possible. */
export function ProofByPasskey({ actions, onClose, onOther }: ProofByPasskeyProps) {
  const t = useTranslations("common");
  const { pending, ask, message } = useAssertion(
    actions.startPasskey,
    (answer) => actions.passkey({ answer }),
    () => onClose(true),
  );
  return (
    <div className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <Button
        variant="primary"
        data-autofocus
        className="w-full"
        pending={pending}
        onClick={() => void ask()}
      >
        <Fingerprint aria-hidden />
        {t("proof.passkey")}
      </Button>
      <DialogActions>
        <Button variant="quiet" onClick={onOther}>
          {t("proof.byPassword")}
        </Button>
        <Button onClick={() => onClose(false)}>{t("cancel")}</Button>
      </DialogActions>
    </div>
  );
}
