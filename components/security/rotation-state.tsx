"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import { code } from "@/components/ui/text";
import type { OldTokenCaller, RotationProgress } from "@/lib/domain/caller-view";
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
            {sending > 0 && <OldTokenCallers progress={progress} />}
          </div>
        )}
        {buttons && <div className="mt-3 grid gap-2 sm:flex">{buttons}</div>}
      </Notice>
    </CardBody>
  );
}

/** Who still sends the old token of a rotation: some by name and instance, all by number. */
export function OldTokenCallers({ progress }: { readonly progress: RotationProgress }) {
  const t = useTranslations("security.oldToken");
  const counted = useTranslations("preflight.dialog");
  const { callers, total, others } = progress;
  const more = total - callers.length;
  return (
    <ul aria-label={t("list")} className="grid gap-1.5">
      {callers.map((caller) => (
        <Row key={caller.id} caller={caller} />
      ))}
      {more > 0 && <li className="text-muted">{counted("more", { more })}</li>}
      {others > 0 && <li className="text-muted">{counted("others", { others })}</li>}
    </ul>
  );
}

function Row({ caller }: { readonly caller: OldTokenCaller }) {
  const t = useTranslations("security.oldToken");
  const unknown = useTranslations("preflight")("noAddress");
  const title = useCallerTitle();
  return (
    <li className="wrap-anywhere">
      <span className="font-semibold">{title(caller)}</span>{" "}
      <span className="font-mono text-muted text-xs">{caller.address ?? unknown}</span>
      <span className="block text-muted text-xs">
        {t.rich("on", {
          instance: caller.instanceName,
          when: () => <RelativeTime date={caller.lastSeenAt} />,
        })}
      </span>
    </li>
  );
}
