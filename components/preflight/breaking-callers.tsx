"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import type { ActivationForecast, BreakingCaller } from "@/lib/domain/caller-view";
import { CallerWhy } from "./caller-why";
import { useCallerTitle } from "./use-caller-title";

interface BreakingCallersProps {
  readonly forecast: ActivationForecast;
  /** Instances of the account. */
  readonly total: number;
}

/** Who would be rejected if the token were activated now: some by name, all by number; or that nobody would. */
export function BreakingCallers({ forecast, total }: BreakingCallersProps) {
  const t = useTranslations("preflight.dialog");
  const { callers, total: breaking, folded, quiet, dismissed, heard } = forecast;
  if (total === 0) return null;
  if (breaking + folded === 0) {
    return (
      <Notice tone={heard && quiet + dismissed === 0 ? "good" : "idle"}>
        {t(heard ? "nobody" : "unheard", { quiet, dismissed })}{" "}
        {dismissed > 0 && t("dismissed", { dismissed })}
      </Notice>
    );
  }
  const more = breaking - callers.length;
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <p className="flex items-center gap-2.5 bg-warn-soft px-3.5 py-2.5 font-semibold">
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
        {t("rejected", { total: breaking })}
      </p>
      <ul aria-label={t("list")} className="divide-y divide-line">
        {callers.map((caller) => (
          <li
            key={caller.id}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-3.5 py-2"
          >
            <Who caller={caller} />
            <CallerWhy caller={caller} className="text-pretty" />
          </li>
        ))}
        {more > 0 && <li className="px-3.5 py-2 text-muted">{t("more", { more })}</li>}
        {folded > 0 && <li className="px-3.5 py-2 text-muted">{t("folded", { folded })}</li>}
      </ul>
      {quiet > 0 && (
        <p className="border-line border-t px-3.5 py-2 text-pretty text-muted">{t("quiet", { quiet })}</p>
      )}
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
