"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import type { ActionResult } from "@/lib/domain/errors";
import { code } from "./code-tag";
import { Effects } from "./effects";
import { useInstanceSecret } from "./instance-secret";
import { wireAnswers } from "./wire-answers";

/** The server action that replaces the token. */
export type RegenerateTokenAction = (input: {
  instanceId: string;
}) => Promise<ActionResult<{ token: string }>>;

interface RegenerateTokenProps {
  readonly instanceId: string;
  readonly name: string;
  readonly regenerate: RegenerateTokenAction;
  readonly onReplaced: () => void;
}

/** Replaces the instance token, after saying that the old one dies at once. */
export function RegenerateToken({ instanceId, name, regenerate, onReplaced }: RegenerateTokenProps) {
  const t = useTranslations("instances.regenerate");
  const secret = useInstanceSecret();
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);

  function change(next: boolean) {
    clear();
    setOpen(next);
  }

  function send() {
    void submit(
      () => regenerate({ instanceId }),
      (result) => {
        if (!result.ok) return;
        secret.replace(result.data.token);
        setOpen(false);
        onReplaced();
      },
    );
  }

  return (
    <>
      <Button onClick={() => change(true)}>{t("open")}</Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={t("title")}
        description={<span className="wrap-anywhere">{t("description", { name })}</span>}
      >
        <div className="grid gap-4">
          <FailureNotice failure={failure} />
          <Effects>
            <li>{t.rich("effectOld", { code, answer: wireAnswers.unknownInstance })}</li>
            <li>{t("effectNew")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </div>
        <DialogActions>
          <Button onClick={() => change(false)}>{t("cancel")}</Button>
          <Button variant="danger" pending={pending} onClick={send}>
            {t("submit")}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
