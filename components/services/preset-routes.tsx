"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/status";
import { WrapText } from "@/components/ui/text";
import type { PresetOffer } from "@/lib/domain/preset";

interface PresetRoutesProps {
  readonly offer: PresetOffer;
  /** Puts what the preset has into the form. */
  readonly onTake: () => void;
}

/** How the stored routes differ from those that the preset has today, with the offer to take these over. */
export function PresetRoutes({ offer, onTake }: PresetRoutesProps) {
  const t = useTranslations("services.presetRoutes");
  const [taken, setTaken] = useState(false);

  function take() {
    onTake();
    setTaken(true);
  }

  return (
    <Notice tone="idle" title={t("title", { preset: offer.name })}>
      <p>{t("text")}</p>
      <Lines title={t("missing")} lines={offer.missing} />
      <Lines title={t("extra")} lines={offer.extra} />
      <div className="mt-3">
        {taken ? (
          <p role="status" className="text-muted">
            {t("taken")}
          </p>
        ) : (
          <Button size="sm" onClick={take}>
            {t("take")}
          </Button>
        )}
      </div>
    </Notice>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <p className="mt-2 font-medium">{title}</p>
      <ul translate="no" className="mt-1 grid gap-1.5 font-mono text-xs">
        {lines.map((line) => (
          <li key={line}>
            <WrapText>{line}</WrapText>
          </li>
        ))}
      </ul>
    </>
  );
}
