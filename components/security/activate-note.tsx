"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";

interface ActivateNoteProps {
  /** Callers are not what they were when the dialog opened. */
  readonly outdated: boolean;
  readonly onLookAgain: () => void;
}

/** How to take an activation back; or that callers have changed, in the same place, so that nothing moves when it comes. */
export function ActivateNote({ outdated, onLookAgain }: ActivateNoteProps) {
  const t = useTranslations("preflight.dialog");
  const undo = useTranslations("security.dialog.activate")("undo");
  return (
    <div
      role="status"
      className="flex min-h-7 flex-wrap content-start items-center gap-x-2 text-pretty text-muted max-sm:min-h-13"
    >
      {outdated ? t("newer") : undo}
      {outdated && (
        <Button size="sm" onClick={onLookAgain}>
          {t("lookAgain")}
        </Button>
      )}
    </div>
  );
}
