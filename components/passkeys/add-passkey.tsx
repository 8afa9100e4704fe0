"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "../instances/failure-notice";
import { useSubmission } from "../instances/use-submission";
import { RecoveryCodesDialog } from "../two-step/recovery-codes-dialog";
import { Button } from "../ui/button";
import { CardFoot } from "../ui/card";
import { Notice } from "../ui/notice";
import { toast } from "../ui/toast";
import type { PasskeyActions } from "./actions";
import { makePasskey, type PasskeyTrouble } from "./browser";

interface AddPasskeyProps {
  readonly email: string;
  /** It is the first one. */
  readonly first: boolean;
  readonly actions: Pick<PasskeyActions, "start" | "add">;
}

/**
 * Adds a passkey: asks for a proof where the last is old, lets the browser make it, and keeps it. Recovery
 * codes live in this component's memory only, so it has to stay in its place when the page refreshes.
 */
export function AddPasskey({ email, first, actions }: AddPasskeyProps) {
  const t = useTranslations("passkeys");
  const errors = useTranslations("errors.passkey");
  const { pending, failure, submit } = useSubmission();
  const [asking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<PasskeyTrouble | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);

  async function add() {
    if (asking) return;
    setTrouble(null);
    const options = await submit(actions.start);
    if (!options?.ok) return;
    setAsking(true);
    const made = await makePasskey(options.data);
    setAsking(false);
    if (!made.ok) return setTrouble(made.trouble);
    await submit(
      () => actions.add({ answer: made.answer }),
      (result) => {
        if (!result.ok) return;
        setCodes(result.data.recoveryCodes);
        toast.success(t("added"));
      },
    );
  }

  return (
    <CardFoot
      note={
        trouble || failure ? (
          <span className="grid gap-2">
            {trouble && (
              <Notice tone="bad" role="alert">
                {errors(trouble)}
              </Notice>
            )}
            <FailureNotice failure={failure} />
          </span>
        ) : (
          t("note")
        )
      }
    >
      <Button
        variant={first ? "primary" : "secondary"}
        pending={pending || asking}
        onClick={() => void add()}
      >
        <Plus aria-hidden />
        {t("add")}
      </Button>
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={() => setCodes(null)} />}
    </CardFoot>
  );
}
