"use client";

import { useTranslations } from "next-intl";
import { OneFieldDialog } from "@/components/shell/one-field-form";
import { nameCallerAction } from "@/lib/actions/security-token";
import type { CallerView } from "@/lib/domain/caller-view";

interface NameDialogProps {
  readonly caller: CallerView;
  readonly onClose: () => void;
}

/** Asks for the name that people know a caller by. It stands above the table: rows come and go while someone types. */
export function NameDialog({ caller, onClose }: NameDialogProps) {
  const t = useTranslations("preflight");
  const who = [caller.agent, caller.address].filter(Boolean).join(" · ");
  return (
    <OneFieldDialog
      title={t("nameDialog.title")}
      description={
        <>
          {t("nameDialog.description", { caller: who || t("noAgent"), instance: caller.instanceName })}
          <span className="mt-1 block font-mono text-xs wrap-anywhere">{caller.userAgent}</span>
        </>
      }
      name="name"
      label={t("nameDialog.field")}
      hint={t("nameDialog.hint")}
      value={caller.name ?? ""}
      submit={t("nameDialog.submit")}
      save={(name) => nameCallerAction({ callerId: caller.id, name })}
      saved={() => t("nameDialog.done")}
      onClose={onClose}
    />
  );
}
