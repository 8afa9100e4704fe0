"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";

interface NewerCallersProps {
  readonly shown: boolean;
  readonly onLook: () => void;
}

/** Says that callers have changed since the dialog opened. Its place is kept free, so that nothing moves when it comes. */
export function NewerCallers({ shown, onLook }: NewerCallersProps) {
  const t = useTranslations("preflight.dialog");
  return (
    <div role="status" className="-my-1.5 flex min-h-7 flex-wrap items-center gap-x-2 text-muted">
      {shown && (
        <>
          <span>{t("newer")}</span>
          <Button size="sm" onClick={onLook}>
            {t("lookAgain")}
          </Button>
        </>
      )}
    </div>
  );
}
