"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { recoveryCodeCount, recoveryCodesFew } from "@/lib/domain/second-factor";
import { StatusPill } from "../ui/status";
import type { TwoStepActions } from "./actions";
import { ConfirmButton } from "./confirm-button";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";
import { Row } from "./row";

interface RecoveryRowProps {
  readonly left: number;
  readonly email: string;
  readonly regenerate: TwoStepActions["regenerate"];
}

/** How many recovery codes are left, a warning when they run out, and a way to make new ones. */
export function RecoveryRow({ left, email, regenerate }: RecoveryRowProps) {
  const t = useTranslations("twoStep.recovery");
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const few = left <= recoveryCodesFew;
  return (
    <Row
      title={
        <>
          {t("title")} {few && <StatusPill tone="warn">{t("few")}</StatusPill>}
        </>
      }
      text={t("left", { count: left, total: recoveryCodeCount })}
    >
      <ConfirmButton
        label={t("make")}
        title={t("confirmTitle")}
        description={t("confirmDescription", { total: recoveryCodeCount })}
        effects={
          <>
            <li>{t("confirmOld", { count: left })}</li>
            <li>{t("confirmKeep")}</li>
          </>
        }
        submitLabel={t("make")}
        run={regenerate}
        onDone={({ recoveryCodes }) => setCodes(recoveryCodes)}
      />
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={() => setCodes(null)} />}
    </Row>
  );
}
