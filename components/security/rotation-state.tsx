"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { AffectedList } from "@/components/consequence/affected-callers";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { Notice } from "@/components/ui/status";
import { code } from "@/components/ui/text";
import type { RotationProgress } from "@/lib/domain/caller-view";
import type { SecurityTokenView } from "@/lib/domain/security-token";

interface RotationStateProps {
  readonly token: SecurityTokenView;
  readonly progress: RotationProgress | null;
  /** The ways to end it; null for who may not. */
  readonly buttons: ReactNode;
}

/** While two tokens are accepted: which they are, until when the old one is, who still sends it, and the ways to end it. */
export function RotationState({ token, progress, buttons }: RotationStateProps) {
  const t = useTranslations("security.rotation");
  const { retiring } = token;
  if (!retiring) return null;
  const { retireAt } = retiring;
  const values = { code, old: retiring.lastFour, lastFour: token.lastFour ?? "" };
  const when = () => retireAt && <DateTime date={retireAt} />;
  const sending = progress ? progress.total + progress.others : 0;
  return (
    <CardBody>
      <Notice tone={sending > 0 ? "warn" : "idle"} title={t("title")}>
        <p>{retireAt ? t.rich("until", { ...values, when }) : t.rich("open", values)}</p>
        {progress && (
          <div className="mt-2 grid gap-2">
            <p className="font-semibold">
              {t("sending", { total: progress.total, others: progress.others })}
            </p>
            {sending > 0 && (
              <AffectedList affected={progress} change="finish" label={t("list")} className="max-h-60" />
            )}
          </div>
        )}
        {buttons && <div className="mt-3 grid gap-2 sm:flex">{buttons}</div>}
      </Notice>
    </CardBody>
  );
}
