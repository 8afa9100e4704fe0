"use client";

import { useTranslations } from "next-intl";
import { type Failure, FailureNotice, useFieldMessage } from "@/components/shell/refusal";
import { Notice } from "@/components/ui/status";

interface AddressFailureProps {
  readonly failure: Failure | null;
  /** Refused fields that stand beside a control of their own. */
  readonly shown?: readonly string[];
}

/** Why something was not done, unless a field says it already. */
export function AddressFailure({ failure, shown = [] }: AddressFailureProps) {
  const t = useTranslations("addresses");
  const message = useFieldMessage();
  if (!failure) return null;
  const field = failure.fields.find((each) => !shown.includes(each.field));
  if (field || failure.code === "conflict") {
    return (
      <Notice tone={field ? "bad" : "warn"} role="alert">
        {field ? message(field) : t("conflict")}
      </Notice>
    );
  }
  return <FailureNotice failure={failure} />;
}
