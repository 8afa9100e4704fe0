"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { DeletionDialog, nameTag } from "@/components/shell/deletion-dialog";
import { Button } from "@/components/ui/button";
import { Card, CardFoot, CardHead } from "@/components/ui/card";
import { code, Effects } from "@/components/ui/text";
import type { ActionResult } from "@/lib/domain/errors";

/** The whole activity trail, with its signed end. */
const exportHref = "/activity/export?format=jsonl";

interface DeleteAccountProps {
  readonly accountName: string;
  readonly instances: number;
  readonly members: number;
  readonly remove: (input: { confirmName: string }) => Promise<ActionResult<unknown>>;
}

/** Deletes the account for good, once its name has been typed. */
export function DeleteAccount({ accountName, instances, members, remove }: DeleteAccountProps) {
  const t = useTranslations("account.delete");
  const [open, setOpen] = useState(false);
  return (
    <Card aria-labelledby="delete-account">
      <CardHead id="delete-account" title={t("title")} description={t("description")} />
      <CardFoot note={t("note")}>
        <Button onClick={() => setOpen(true)}>{t("open")}</Button>
      </CardFoot>
      {open && (
        <DeletionDialog
          title={t("dialogTitle", { account: accountName })}
          description={t("dialogDescription")}
          label={t.rich("confirm", { value: accountName, name: nameTag })}
          cancel={t("cancel")}
          submit={t("submit")}
          remove={(confirmName) => remove({ confirmName })}
          onDone={() => location.assign("/accounts")}
          onClose={() => setOpen(false)}
        >
          <Effects>
            <li>{t.rich("effectCalls", { count: instances, code, answer: wireAnswers.unknownInstance })}</li>
            <li>{t("effectMembers", { count: members - 1 })}</li>
            <li>
              {t.rich("effectData", {
                link: (chunks) => (
                  <a href={exportHref} download className="text-accent underline">
                    {chunks}
                  </a>
                ),
              })}
            </li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </DeletionDialog>
      )}
    </Card>
  );
}
