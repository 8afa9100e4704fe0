"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { classNames } from "@/components/ui/class-names";
import { controlStyle, Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { rotateTokenAction } from "@/lib/actions/security-token";
import { type Overlap, overlaps, retirementAt } from "@/lib/domain/rotation";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import type { TokenOrigin } from "./new-token-dialog";
import { ConfirmChange, type TokenDialogProps } from "./token-dialog";

interface RotateDialogProps extends TokenDialogProps {
  /** For a leak: without an overlap. */
  readonly atOnce: boolean;
  readonly onMade: (token: string, origin: TokenOrigin) => void;
}

/** Asks how long the old token works beside the new one, and says what that means to callers. */
export function RotateDialog({ atOnce, onMade, ...dialog }: RotateDialogProps) {
  const { seen, run } = dialog;
  const t = useTranslations("security.dialog");
  const [overlap, setOverlap] = useState<Overlap>(atOnce ? "now" : "24h");
  const values = { code, lastFour: seen.lastFour ?? "", old: seen.retiring?.lastFour ?? "" };
  const text = atOnce ? (seen.retiring ? "replaceBoth" : "replace") : "rotate";
  return (
    <ConfirmChange
      {...dialog}
      change={atOnce ? "replace" : "rotate"}
      title={t(`${text}.title`)}
      description={t.rich(`${text}.description`, values)}
      submit={t(`${text}.submit`)}
      variant={overlap === "now" ? "danger" : "primary"}
      onConfirm={() =>
        run(
          () => rotateTokenAction({ tokenId: seen.tokenId ?? "", overlap }),
          ({ token }) => onMade(token, overlap === "now" ? "replaced" : "overlap"),
        )
      }
    >
      {!atOnce && <OverlapField value={overlap} onChange={setOverlap} />}
      <RotationEffects seen={seen} overlap={overlap} />
    </ConfirmChange>
  );
}

interface OverlapFieldProps {
  readonly value: Overlap;
  readonly onChange: (overlap: Overlap) => void;
}

/** How long the old token works beside the new one. */
function OverlapField({ value, onChange }: OverlapFieldProps) {
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

interface RotationEffectsProps {
  readonly seen: SecurityTokenView;
  readonly overlap: Overlap;
}

function RotationEffects({ seen, overlap }: RotationEffectsProps) {
  const t = useTranslations("security.dialog.rotate");
  const format = useFormatter();
  const values = { code, lastFour: seen.lastFour ?? "", answer: wireAnswers.wrongToken };
  if (overlap === "now") {
    return (
      <>
        <Notice tone="bad" title={t("now.title")}>
          {t("now.text", { enforced: seen.enforcedInstances, total: seen.totalInstances })}
        </Notice>
        <Effects>
          <li>{seen.retiring ? t.rich("now.both", values) : t.rich("now.old", values)}</li>
          <li>{t("now.new")}</li>
        </Effects>
      </>
    );
  }
  const end = retirementAt(overlap, new Date());
  const when = end ? format.dateTime(end, { dateStyle: "medium", timeStyle: "short" }) : "";
  return (
    <Effects>
      <li>{t("nobody")}</li>
      <li>{end ? t.rich("until", { ...values, when }) : t.rich("open", values)}</li>
    </Effects>
  );
}
