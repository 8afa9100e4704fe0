"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { addPasskeyAction, startPasskeyAction } from "@/lib/actions/second-factors";
import { FailureNotice } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { RecoveryCodesDialog } from "../two-step/recovery-codes-dialog";
import { Button } from "../ui/button";
import { CardFoot } from "../ui/card";
import { Notice } from "../ui/status";
import { toast } from "../ui/toaster";
import { makePasskey, type PasskeyTrouble } from "./browser";

/** How adding a passkey stands. */
interface AddingPasskey {
  readonly pending: boolean;
  readonly add: () => void;
  /** What went wrong; null when nothing did. */
  readonly trouble: ReactNode;
  /** Recovery codes to be shown; they live in this component's memory only. */
  readonly codes: readonly string[] | null;
  readonly forgetCodes: () => void;
}

/** Adds a passkey: asks for a proof where the last is old, lets the browser make it, and keeps it. */
function useAddPasskey(): AddingPasskey {
  const t = useTranslations("passkeys");
  const errors = useTranslations("errors.passkey");
  const { pending, failure, submit } = useSubmission();
  const [asking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<PasskeyTrouble | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);

  async function add() {
    if (asking) return;
    setTrouble(null);
    const options = await submit(() => startPasskeyAction());
    if (!options?.ok) return;
    setAsking(true);
    const made = await makePasskey(options.data);
    setAsking(false);
    if (!made.ok) return setTrouble(made.trouble);
    await submit(
      () => addPasskeyAction({ answer: made.answer }),
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

interface AddPasskeyProps {
  readonly email: string;
  /** It is the first one. */
  readonly first: boolean;
}

/** Adds a passkey at the foot of the card. It has to stay in its place when the page refreshes. */
export function AddPasskey({ email, first }: AddPasskeyProps) {
  const t = useTranslations("passkeys");
  const { pending, add, trouble, codes, forgetCodes } = useAddPasskey();
  return (
    <CardFoot note={trouble ?? t("note")}>
      <Button variant={first ? "primary" : "secondary"} pending={pending} onClick={add}>
        <Plus aria-hidden />
        {t("add")}
      </Button>
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={forgetCodes} />}
    </CardFoot>
  );
}

interface SetUpPasskeyProps {
  readonly email: string;
  /** False: nothing to press; recovery codes that are being shown stay. */
  readonly offered: boolean;
}

/** The button that adds a passkey where a second step has to be set up. It has to stay in its place. */
export function SetUpPasskey({ email, offered }: SetUpPasskeyProps) {
  const t = useTranslations("passkeys");
  const { pending, add, trouble, codes, forgetCodes } = useAddPasskey();
  return (
    <>
      {offered && (
        <div className="mt-3 grid gap-2">
          <Button pending={pending} onClick={add} className="w-full">
            {t("add")}
          </Button>
          {trouble ?? <p className="text-center text-muted text-pretty">{t("instead")}</p>}
        </div>
      )}
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={forgetCodes} />}
    </>
  );
}
