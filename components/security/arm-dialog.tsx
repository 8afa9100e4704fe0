"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { SelectField } from "@/components/ui/field";
import { Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { armTokenAction } from "@/lib/actions/security-token";
import { holdSeconds } from "@/lib/domain/armed";
import type { SecurityPageView } from "@/lib/domain/security-page";
import { useDuration } from "./armed-card";
import { ConfirmChange, type TokenDialogProps } from "./token-dialog";

const hour = 3600;
const day = 24 * hour;

/** Hold times to choose from, in seconds, and days until the owners are asked again. */
const holds = [holdSeconds.usual, hour, day];
const askDays = [3, 7, 14, 30];

interface ArmDialogProps extends TokenDialogProps {
  readonly refresh: () => Promise<SecurityPageView>;
}

/** Says what *Activate when ready* does, and asks how long callers have to be ready, and when to ask again. */
export function ArmDialog({ refresh, ...dialog }: ArmDialogProps) {
  const { page, seen, run } = dialog;
  const t = useTranslations("security.armed.dialog");
  const format = useFormatter();
  const duration = useDuration();
  const [hold, setHold] = useState<number>(page.armed?.holdSeconds ?? holdSeconds.usual);
  const [days, setDays] = useState(0);
  const askAt = days === 0 ? null : new Date(Date.now() + days * day * 1000);
  const waiting = (page.preflight?.wouldReject ?? 0) + (page.preflight?.mightReject ?? 0);
  return (
    <ConfirmChange
      {...dialog}
      change="arm"
      title={t("title")}
      description={t("description")}
      submit={t("submit")}
      variant="primary"
      onConfirm={() =>
        run(
          () => armTokenAction({ tokenId: seen.tokenId ?? "", holdSeconds: hold, askAt }),
          () => {
            toast.success(t("done"));
            void refresh();
          },
        )
      }
    >
      <Effects>
        <li>{t("now", { callers: waiting })}</li>
        <li>{t("waits")}</li>
        <li>{t("strangers")}</li>
        <li>{t("cancel")}</li>
      </Effects>
      <SelectField
        label={t("hold")}
        name="holdSeconds"
        hint={t("holdHint")}
        value={hold}
        onChange={(seconds) => setHold(Number(seconds))}
      >
        {[...new Set([...holds, hold])].map((seconds) => (
          <option key={seconds} value={seconds}>
            {duration(seconds)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t("ask")}
        name="askAt"
        hint={askAt && t("askHint", { when: format.dateTime(askAt, { dateStyle: "medium" }) })}
        value={days}
        onChange={(count) => setDays(Number(count))}
      >
        <option value={0}>{t("askNever")}</option>
        {askDays.map((count) => (
          <option key={count} value={count}>
            {t("askIn", { count })}
          </option>
        ))}
      </SelectField>
    </ConfirmChange>
  );
}
