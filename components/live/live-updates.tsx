"use client";

import { useTranslations } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import { useLivePage } from "./use-live-page";

/** Keeps the page as things are, and says quietly whether what happens shows at once. */
export function LiveUpdates() {
  const t = useTranslations("preflight");
  const live = useLivePage();
  const state = live ? "on" : "off";
  return (
    <span title={t(`liveHint.${state}`)} className="flex items-center gap-1.5 text-muted text-xs">
      <span
        aria-hidden
        className={classNames("size-1.5 rounded-full", live ? "bg-good" : "border border-line-control")}
      />
      {t(`live.${state}`)}
    </span>
  );
}
