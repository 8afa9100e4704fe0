"use client";

import { useFormatter, useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import { ConsequenceQuestion } from "@/components/consequence/consequence-dialog";
import { wireAnswers } from "@/components/instances/samples";
import { nameTag } from "@/components/shell/deletion-dialog";
import { classNames } from "@/components/ui/class-names";
import { controlStyle, Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  finishRotationAction,
  forecastRotationAction,
  rotateTokenAction,
} from "@/lib/actions/security-token";
import { type Overlap, overlaps, retirementAt } from "@/lib/domain/rotation";
import type { SecurityPageView } from "@/lib/domain/security-page";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import type { TokenOrigin } from "./new-token-dialog";
import type { TokenDialogProps } from "./token-dialog";
import { TokenFailure } from "./token-failure";

interface RotateDialogProps extends TokenDialogProps {
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  /** The form whose refused field gets the focus. */
  readonly form: RefObject<HTMLFormElement | null>;
  /** For a leak: without an overlap. */
  readonly atOnce: boolean;
  readonly onMade: (token: string, origin: TokenOrigin) => void;
}

/** Asks how long the old token works beside the new one, and says what that means to callers: without an overlap, to whom. */
export function RotateDialog({ atOnce, onMade, accountName, form, ...dialog }: RotateDialogProps) {
  const { page, seen, pending, failure, run, onCancel } = dialog;
  const t = useTranslations("security.dialog");
  const [overlap, setOverlap] = useState<Overlap>(atOnce ? "now" : "24h");
  const values = { code, lastFour: seen.lastFour ?? "", old: seen.retiring?.lastFour ?? "" };
  const change = atOnce ? "replace" : "rotate";
  const now = overlap === "now";
  const text = atOnce ? (seen.retiring ? "replaceBoth" : "replace") : "rotate";
  return (
    <ConsequenceQuestion
      title={t(`${text}.title`)}
      description={t.rich(`${text}.description`, values)}
      read={now ? () => forecastRotationAction({ change: "replace" }) : null}
      moment={callersOf(page)}
      nameLabel={t.rich("rotate.now.confirm", { value: accountName, name: nameTag })}
      submit={t(`${text}.submit`)}
      variant={now ? "danger" : "primary"}
      problem={failure && <TokenFailure change={change} failure={failure} />}
      {...{ pending, failure, form }}
      onConfirm={(confirmation, named) =>
        run(
          () => rotateTokenAction({ tokenId: seen.tokenId ?? "", overlap, confirmation, named }),
          ({ token }) => onMade(token, now ? "replaced" : "overlap"),
        )
      }
      onClose={onCancel}
    >
      {!atOnce && <OverlapField value={overlap} onChange={setOverlap} />}
      <RotationEffects seen={seen} overlap={overlap} />
    </ConsequenceQuestion>
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

interface FinishDialogProps extends TokenDialogProps, Pick<RotateDialogProps, "accountName" | "form"> {}

/** Ends the old token of a rotation, after saying whom that would reject. */
export function FinishDialog({ accountName, form, ...dialog }: FinishDialogProps) {
  const { page, seen, pending, failure, run, onCancel } = dialog;
  const t = useTranslations("security.dialog.finish");
  return (
    <ConsequenceQuestion
      title={t("title")}
      description={t.rich("description", { code, old: seen.retiring?.lastFour ?? "" })}
      read={() => forecastRotationAction({ change: "finish" })}
      moment={callersOf(page)}
      nameLabel={t.rich("confirm", { value: accountName, name: nameTag })}
      submit={t("submit")}
      problem={failure && <TokenFailure change="finish" failure={failure} />}
      {...{ pending, failure, form }}
      onConfirm={(confirmation, named) =>
        run(
          () => finishRotationAction({ tokenId: seen.retiring?.id ?? "", confirmation, named }),
          () => toast.success(t("done")),
        )
      }
      onClose={onCancel}
    >
      <Effects>
        <li>{t.rich("right", { code, lastFour: seen.lastFour ?? "" })}</li>
        <li>{t("last")}</li>
      </Effects>
    </ConsequenceQuestion>
  );
}

/** Another text when callers of the page have changed in a way that matters here. */
function callersOf({ preflight }: SecurityPageView): string {
  const { total, others, enforced, callers } = preflight?.rotation ?? {};
  return JSON.stringify([
    preflight?.known,
    preflight?.counts,
    total,
    others,
    enforced,
    callers?.map(({ id }) => id).sort(),
  ]);
}
