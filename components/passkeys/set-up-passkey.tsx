"use client";

import { useTranslations } from "next-intl";
import { RecoveryCodesDialog } from "../two-step/recovery-codes-dialog";
import { Button } from "../ui/button";
import type { PasskeyActions } from "./actions";
import { useAddPasskey } from "./use-add-passkey";

interface SetUpPasskeyProps {
  readonly email: string;
  /** False: nothing to press; recovery codes that are being shown stay. */
  readonly offered: boolean;
  readonly actions: Pick<PasskeyActions, "start" | "add">;
}

/** The button that adds a passkey where a second step has to be set up. It has to stay in its place. */
export function SetUpPasskey({ email, offered, actions }: SetUpPasskeyProps) {
  const t = useTranslations("passkeys");
  const { pending, add, trouble, codes, forgetCodes } = useAddPasskey(actions);
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
