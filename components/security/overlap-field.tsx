"use client";

import { useTranslations } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import { controlStyle, Field } from "@/components/ui/field";
import { type Overlap, overlaps } from "@/lib/domain/rotation";

interface OverlapFieldProps {
  readonly value: Overlap;
  readonly onChange: (overlap: Overlap) => void;
}

/** How long the old token works beside the new one. */
export function OverlapField({ value, onChange }: OverlapFieldProps) {
  const t = useTranslations("security.overlap");
  return (
    <Field label={t("label")} name="overlap" hint={t(`hint.${value}`)}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => {
            const chosen = overlaps.find((overlap) => overlap === event.currentTarget.value);
            if (chosen) onChange(chosen);
          }}
          className={classNames(controlStyle, "h-9")}
        >
          {overlaps.map((overlap) => (
            <option key={overlap} value={overlap}>
              {t(`option.${overlap}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
