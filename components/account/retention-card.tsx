"use client";

import { useTranslations } from "next-intl";
import { OneFieldForm } from "@/components/shell/one-field-form";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import type { ActionResult } from "@/lib/domain/errors";
import { retentionDays } from "@/lib/domain/membership";

interface RetentionCardProps {
  readonly days: number;
  /** null for those who may look only. */
  readonly change: ((input: { days: string }) => Promise<ActionResult<unknown>>) | null;
}

/** For how long callers and traffic are kept. */
export function RetentionCard({ days, change }: RetentionCardProps) {
  const t = useTranslations("account.retention");

  function hint(typed: string) {
    const shorter = Number(typed) >= retentionDays.min && Number(typed) < days;
    return shorter ? t("shorter", { days: Number(typed) }) : t("hint");
  }

  return (
    <Card aria-labelledby="retention">
      <CardHead id="retention" title={t("title")} description={t("description", { days })} />
      {change && (
        <CardBody className="pt-0 md:pt-0">
          <OneFieldForm
            name="days"
            label={t("days")}
            value={String(days)}
            hint={hint}
            number
            submit={t("submit")}
            saved={t("saved")}
            save={(typed) => change({ days: typed })}
          />
        </CardBody>
      )}
    </Card>
  );
}
