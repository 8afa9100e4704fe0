"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";
import { ActionCard } from "./action-card";
import { code } from "./code-tag";
import { Effects } from "./effects";
import { wireAnswers } from "./wire-answers";

type Change = (input: { instanceId: string }) => Promise<ActionResult<unknown>>;

interface PauseControlProps {
  readonly instanceId: string;
  readonly name: string;
  readonly paused: boolean;
  readonly pause: Change;
  readonly resume: Change;
}

/** Stops an instance's calls for a while, after saying what callers will get, and lets them in again. */
export function PauseControl({ instanceId, name, paused, pause, resume }: PauseControlProps) {
  const t = useTranslations("instances.pause");
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const rich = { code, answer: wireAnswers.paused };

  function sendPause() {
    void submit(
      () => pause({ instanceId }),
      (result) => {
        if (!result.ok) return;
        setOpen(false);
        toast.success(t("paused", { name }));
      },
    );
  }

  function sendResume() {
    void submit(
      () => resume({ instanceId }),
      (result) => result.ok && toast.success(t("resumed", { name })),
    );
  }

  function change(next: boolean) {
    clear();
    setOpen(next);
  }

  return (
    <ActionCard
      title={paused ? t("titlePaused") : t("titleActive")}
      text={paused ? t("textPaused") : t.rich("textActive", rich)}
      action={
        <Button
          variant={paused ? "primary" : "secondary"}
          pending={paused && pending}
          onClick={paused ? sendResume : () => change(true)}
        >
          {paused ? t("resume") : t("open")}
        </Button>
      }
    >
      {!open && failure && (
        <CardBody className="pt-0 md:pt-0">
          <FailureNotice failure={failure} />
        </CardBody>
      )}
      <Dialog
        open={open}
        onOpenChange={change}
        title={<span className="wrap-anywhere">{t("dialogTitle", { name })}</span>}
        description={t("dialogDescription")}
      >
        <div className="grid gap-4">
          <FailureNotice failure={failure} />
          <Effects>
            <li>{t.rich("effectCalls", rich)}</li>
            <li>{t("effectRunning")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </div>
        <DialogActions>
          <Button onClick={() => change(false)}>{t("cancel")}</Button>
          <Button variant="primary" pending={pending} onClick={sendPause}>
            {t("submit")}
          </Button>
        </DialogActions>
      </Dialog>
    </ActionCard>
  );
}
