"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useId, useState } from "react";
import { ConsequenceDialog } from "@/components/consequence/consequence-dialog";
import { nameTag } from "@/components/shell/deletion-dialog";
import { OneFieldForm } from "@/components/shell/one-field-form";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  forecastInstanceChangeAction,
  removeInstanceAction,
  renameInstanceAction,
  setInstancePausedAction,
} from "@/lib/actions/instances";
import { wireAnswers } from "./samples";

interface InstanceProps {
  readonly instanceId: string;
  readonly name: string;
}

/** Gives the instance another name. */
export function RenameInstance({ instanceId, name }: InstanceProps) {
  const t = useTranslations("instances.rename");
  const headingId = useId();
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <OneFieldForm
          name="name"
          label={t("name")}
          hideLabel
          value={name}
          submit={t("submit")}
          saved={t("saved")}
          save={(typed) => renameInstanceAction({ instanceId, name: typed })}
        />
      </CardBody>
    </Card>
  );
}

interface ActionCardProps {
  readonly title: ReactNode;
  /** What the button will do. */
  readonly text: ReactNode;
  /** The button: beside the text where there is room, below it on narrow screens. */
  readonly action: ReactNode;
  /** Dialogs, and what went wrong. */
  readonly children: ReactNode;
}

/** A card that is about one button. */
function ActionCard({ title, text, action, children }: ActionCardProps) {
  const headingId = useId();
  return (
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={title} />
      <CardBody className="-mt-3 flex flex-col gap-3 pt-0 sm:flex-row sm:items-center sm:justify-between sm:gap-6 md:pt-0">
        <p className="text-pretty text-muted">{text}</p>
        <div className="grid shrink-0">{action}</div>
      </CardBody>
      {children}
    </Card>
  );
}

/** Stops an instance's calls for a while, after saying whom that rejects, and lets them in again. */
export function PauseInstance({ instanceId, name, paused }: InstanceProps & { readonly paused: boolean }) {
  const t = useTranslations("instances.pause");
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const rich = { code, answer: wireAnswers.paused };

  function resume() {
    void submit(
      () => setInstancePausedAction({ instanceId, paused: false }),
      (result) => result.ok && toast.success(t("resumed", { name })),
    );
  }

  function ask() {
    clear();
    setOpen(true);
  }

  return (
    <ActionCard
      title={paused ? t("titlePaused") : t("titleActive")}
      text={paused ? t("textPaused") : t.rich("textActive", rich)}
      action={
        <Button variant={paused ? "primary" : "secondary"} pending={pending} onClick={paused ? resume : ask}>
          {paused ? t("resume") : t("open")}
        </Button>
      }
    >
      {failure && (
        <CardBody className="pt-0 md:pt-0">
          <FailureNotice failure={failure} />
        </CardBody>
      )}
      {open && (
        <ConsequenceDialog
          title={<span className="wrap-anywhere">{t("dialogTitle", { name })}</span>}
          description={t("dialogDescription")}
          read={() => forecastInstanceChangeAction({ instanceId, change: "pause" })}
          nameLabel={t.rich("confirm", { value: name, name: nameTag })}
          field="confirmName"
          submit={t("submit")}
          run={(confirmName, named) =>
            setInstancePausedAction({ instanceId, paused: true, confirmName, named })
          }
          onDone={() => {
            setOpen(false);
            toast.success(t("paused", { name }));
          }}
          onClose={() => setOpen(false)}
        >
          <Effects>
            <li>{t.rich("effectCalls", rich)}</li>
            <li>{t("effectRunning")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </ConsequenceDialog>
      )}
    </ActionCard>
  );
}

/** Deletes an instance for good, once its name has been typed. */
export function RemoveInstance({ instanceId, name }: InstanceProps) {
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
        <ConsequenceDialog
          title={<span className="wrap-anywhere">{t("dialogTitle", { name })}</span>}
          description={t("dialogDescription")}
          read={() => forecastInstanceChangeAction({ instanceId, change: "delete" })}
          nameLabel={t.rich("confirm", { value: name, name: nameTag })}
          field="confirmName"
          alwaysNamed
          cancel={t("cancel")}
          submit={t("submit")}
          variant="danger"
          run={(confirmName) => removeInstanceAction({ instanceId, confirmName })}
          onDone={(_, leave) => goToList(leave)}
          onClose={() => setOpen(false)}
        >
          <Effects>
            <li>{t.rich("effectCalls", { code, answer: wireAnswers.unknownInstance })}</li>
            <li>{t("effectData")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
        </ConsequenceDialog>
      )}
    </ActionCard>
  );
}
