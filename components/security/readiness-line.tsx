"use client";

import { Check, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type InstanceReadiness, isReady } from "@/lib/domain/enforcement";

interface ReadinessLineProps {
  /** null: nobody has called this instance. */
  readonly readiness: InstanceReadiness | null;
  readonly enforced: boolean;
}

/** What the switch of an instance does to its callers, or did. */
export function ReadinessLine({ readiness, enforced }: ReadinessLineProps) {
  const t = useTranslations("security.enforcement.callers");
  if (readiness && !isReady(readiness)) {
    const { breaking, unproven, foldedBreaking, foldedUnproven } = readiness;
    const known = breaking > 0 || foldedBreaking;
    const [count, more] = known ? [breaking, foldedBreaking] : [unproven, foldedUnproven];
    const maybe = unproven > 0 || foldedUnproven;
    const text = { count, more: more ? "yes" : "no", maybe: maybe ? "yes" : "no" };
    return (
      <span className="flex items-center gap-1.5 text-warn text-xs">
        <TriangleAlert aria-hidden strokeWidth={2.5} className="size-3 shrink-0" />
        {known ? t(enforced ? "rejected" : "wouldReject", text) : t("mayReject", text)}
      </span>
    );
  }
  if (enforced) return null;
  if (!readiness || readiness.ready === 0) {
    const unchecked = readiness !== null && readiness.unchecked > 0;
    return <span className="text-muted text-xs">{t(unchecked ? "unchecked" : "unheard")}</span>;
  }
  return (
    <span className="flex items-center gap-1.5 text-good text-xs">
      <Check aria-hidden strokeWidth={2.5} className="size-3 shrink-0" />
      {t("ready", { unchecked: readiness.unchecked })}
    </span>
  );
}
