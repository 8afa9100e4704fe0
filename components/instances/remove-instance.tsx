"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { DeletionDialog, nameTag } from "@/components/shell/deletion-dialog";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";
import { ActionCard } from "./action-card";
import { code } from "./code-tag";
import { Effects } from "./effects";
import { wireAnswers } from "./wire-answers";

interface RemoveInstanceProps {
  readonly instanceId: string;
  readonly name: string;
  readonly remove: (input: { instanceId: string; confirmName: string }) => Promise<ActionResult<unknown>>;
}

/** Deletes an instance for good, once its name has been typed. */
export function RemoveInstance({ instanceId, name, remove }: RemoveInstanceProps) {
  const t = useTranslations("instances.remove");
  const router = useRouter();
  const [open, setOpen] = useState(false);

  function goToList(leave: (go: () => void) => void) {
    toast.success(t("done", { name }));
    leave(() => {
      router.replace("/instances");
      router.refresh();
    });
  }

  return (
    <ActionCard
      title={t("title")}
      text={t("text")}
      action={<Button onClick={() => setOpen(true)}>{t("open")}</Button>}
    >
      {open && (
        <DeletionDialog
          title={t("dialogTitle", { name })}
          description={t("dialogDescription")}
          label={t.rich("confirm", { value: name, name: nameTag })}
          cancel={t("cancel")}
          submit={t("submit")}
          remove={(confirmName) => remove({ instanceId, confirmName })}
          onDone={goToList}
          onClose={() => setOpen(false)}
        >
          <Effects>
            <li>{t.rich("effectCalls", { code, answer: wireAnswers.unknownInstance })}</li>
            <li>{t("effectData")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </DeletionDialog>
      )}
    </ActionCard>
  );
}
