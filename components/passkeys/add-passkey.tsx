"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { RecoveryCodesDialog } from "../two-step/recovery-codes-dialog";
import { Button } from "../ui/button";
import { CardFoot } from "../ui/card";
import type { PasskeyActions } from "./actions";
import { useAddPasskey } from "./use-add-passkey";

interface AddPasskeyProps {
  readonly email: string;
  /** It is the first one. */
  readonly first: boolean;
  readonly actions: Pick<PasskeyActions, "start" | "add">;
}

/** Adds a passkey at the foot of the card. It has to stay in its place when the page refreshes. */
export function AddPasskey({ email, first, actions }: AddPasskeyProps) {
  const t = useTranslations("passkeys");
  const { pending, add, trouble, codes, forgetCodes } = useAddPasskey(actions);
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
