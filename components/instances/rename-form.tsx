"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import { OneFieldForm } from "@/components/shell/one-field-form";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import type { ActionResult } from "@/lib/domain/errors";

interface RenameFormProps {
  readonly instanceId: string;
  readonly name: string;
  readonly rename: (input: { instanceId: string; name: string }) => Promise<ActionResult<unknown>>;
}

/** Gives the instance another name. */
export function RenameForm({ instanceId, name, rename }: RenameFormProps) {
  const t = useTranslations("instances.rename");
  const headingId = useId();
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <OneFieldForm
          name="name"
          label={t("name")}
          hideLabel
          value={name}
          submit={t("submit")}
          saved={t("saved")}
          save={(typed) => rename({ instanceId, name: typed })}
        />
      </CardBody>
    </Card>
  );
}
