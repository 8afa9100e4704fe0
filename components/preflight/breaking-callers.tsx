"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import type { ActivationForecast, BreakingCaller } from "@/lib/domain/caller-view";
import { useCallerTitle } from "./use-caller-title";
import { VerdictPill } from "./verdict-pill";

interface BreakingCallersProps {
  readonly forecast: ActivationForecast;
  /** Instances of the account. */
  readonly total: number;
}

/** Who would be rejected if the token were activated now: some by name, all by number; or that nobody would. */
export function BreakingCallers({ forecast, total }: BreakingCallersProps) {
  const t = useTranslations("preflight.dialog");
  const { callers, total: breaking, folded, quiet, heard } = forecast;
  if (total === 0) return null;
  if (breaking + folded === 0) {
    return (
      <Notice tone={heard && quiet === 0 ? "good" : "idle"}>
        {heard ? t("nobody", { quiet }) : t("unheard")}
      </Notice>
    );
  }
  const more = breaking - callers.length;
  return (
    <div className="grid gap-2 rounded-md border border-line">
      <p className="px-3.5 pt-3 font-semibold">{t("rejected", { total: breaking })}</p>
      <ul aria-label={t("list")} className="divide-y divide-line border-line border-y">
        {callers.map((caller) => (
          <li
            key={caller.id}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3.5 py-2"
          >
            <Who caller={caller} />
            <VerdictPill verdict={caller.verdict} />
          </li>
        ))}
        {more > 0 && <li className="px-3.5 py-2 text-muted">{t("more", { more })}</li>}
        {folded > 0 && <li className="px-3.5 py-2 text-muted">{t("folded", { folded })}</li>}
      </ul>
      {quiet > 0 && <p className="px-3.5 pb-3 text-pretty text-muted">{t("quiet", { quiet })}</p>}
    </div>
  );
}

function Who({ caller }: { readonly caller: BreakingCaller }) {
  const t = useTranslations("preflight");
  const title = useCallerTitle();
  return (
    <span className="min-w-0 wrap-anywhere">
      <span className="font-semibold">{title(caller)}</span>{" "}
      <span className="font-mono text-muted text-xs">{caller.address ?? t("noAddress")}</span>
      <span className="block text-muted text-xs">{t("dialog.on", { instance: caller.instanceName })}</span>
    </span>
  );
}
