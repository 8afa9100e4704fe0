"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { OneFieldForm } from "@/components/shell/one-field-form";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import type { ActionResult } from "@/lib/domain/errors";

interface GeneralCardProps {
  readonly accountName: string;
  readonly rename: (input: { accountName: string }) => Promise<ActionResult<unknown>>;
  /** The foot of the card. */
  readonly children?: ReactNode;
}

/** The account's name. */
export function GeneralCard({ accountName, rename, children }: GeneralCardProps) {
  const t = useTranslations("account.general");
  return (
    <Card aria-labelledby="general">
      <CardHead id="general" title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <OneFieldForm
          name="accountName"
          label={t("name")}
          value={accountName}
          submit={t("submit")}
          saved={t("saved")}
          save={(typed) => rename({ accountName: typed })}
        />
      </CardBody>
      {children}
    </Card>
  );
}
