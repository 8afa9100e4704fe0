"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { FailureNotice } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Notice } from "../ui/status";
import { toast } from "../ui/toaster";
import type { PasskeyActions } from "./actions";
import { makePasskey, type PasskeyTrouble } from "./browser";

/** How adding a passkey stands. */
export interface AddingPasskey {
  readonly pending: boolean;
  readonly add: () => void;
  /** What went wrong; null when nothing did. */
  readonly trouble: ReactNode;
  /** Recovery codes to be shown; they live in this component's memory only. */
  readonly codes: readonly string[] | null;
  readonly forgetCodes: () => void;
}

/** Adds a passkey: asks for a proof where the last is old, lets the browser make it, and keeps it. */
export function useAddPasskey(actions: Pick<PasskeyActions, "start" | "add">): AddingPasskey {
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

  return {
    pending: pending || asking,
    add: () => void add(),
    trouble: (trouble || failure) && (
      <span className="grid gap-2">
        {trouble && (
          <Notice tone="bad" role="alert">
            {errors(trouble)}
          </Notice>
        )}
        <FailureNotice failure={failure} />
      </span>
    ),
    codes,
    forgetCodes: () => setCodes(null),
  };
}
