"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { ConfirmButton } from "@/components/shell/confirm-button";
import { DeletionDialog, nameTag } from "@/components/shell/deletion-dialog";
import { OneFieldForm } from "@/components/shell/one-field-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { controlStyle } from "@/components/ui/field";
import { code, Effects, WrapText } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { transferOwnershipAction } from "@/lib/actions/members";
import { changeRetentionAction, deleteAccountAction, renameAccountAction } from "@/lib/actions/settings";
import { retentionDays } from "@/lib/domain/membership";

interface GeneralCardProps {
  readonly accountName: string;
  /** The foot of the card. */
  readonly children?: ReactNode;
}

/** The account's name. */
export function GeneralCard({ accountName, children }: GeneralCardProps) {
  const t = useTranslations("account.general");
  return (
    <Card aria-labelledby="general">
      <CardHead id="general" title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <OneFieldForm
          name="accountName"
          label={t("name")}
          value={accountName}
          submit={t("submit")}
          saved={t("saved")}
          save={(typed) => renameAccountAction({ accountName: typed })}
        />
      </CardBody>
      {children}
    </Card>
  );
}

interface HandOverProps {
  readonly accountName: string;
  /** The members it can be handed over to. */
  readonly members: readonly { readonly userId: string; readonly email: string }[];
}

/** Makes another member the owner and oneself an admin. */
export function HandOver({ accountName, members }: HandOverProps) {
  const t = useTranslations("account.handOver");
  const [chosen, setChosen] = useState(members[0]?.userId ?? "");
  const target = members.find(({ userId }) => userId === chosen) ?? members[0];
  if (!target) return null;
  const { userId, email } = target;
  return (
    <CardFoot note={t("note")}>
      <span className="flex min-w-0 flex-wrap gap-2">
        <select
          aria-label={t("to")}
          value={userId}
          onChange={(event) => setChosen(event.target.value)}
          className={`${controlStyle} h-9 flex-1 basis-40 sm:max-w-56`}
        >
          {members.map((member) => (
            <option key={member.userId} value={member.userId}>
              {member.email}
            </option>
          ))}
        </select>
        <ConfirmButton
          label={t("open")}
          title={t("title", { account: accountName, email })}
          effects={
            <>
              <li>
                <WrapText>{t("effectTheirs", { email })}</WrapText>
              </li>
              <li>{t("effectYours")}</li>
              <li>{t("effectBack")}</li>
            </>
          }
          submit={t("confirm")}
          submitVariant="danger"
          run={() => transferOwnershipAction({ userId })}
          onDone={() => toast.success(t("done"))}
        />
      </span>
    </CardFoot>
  );
}

interface RetentionCardProps {
  readonly days: number;
  readonly mayChange: boolean;
}

/** For how long callers and traffic are kept. */
export function RetentionCard({ days, mayChange }: RetentionCardProps) {
  const t = useTranslations("account.retention");

  function hint(typed: string) {
    const shorter = Number(typed) >= retentionDays.min && Number(typed) < days;
    return shorter ? t("shorter", { days: Number(typed) }) : t("hint");
  }

  return (
    <Card aria-labelledby="retention">
      <CardHead id="retention" title={t("title")} description={t("description", { days })} />
      {mayChange && (
        <CardBody className="pt-0 md:pt-0">
          <OneFieldForm
            name="days"
            label={t("days")}
            value={String(days)}
            hint={hint}
            number
            submit={t("submit")}
            saved={t("saved")}
            save={(typed) => changeRetentionAction({ days: typed })}
          />
        </CardBody>
      )}
    </Card>
  );
}

/** The whole activity trail, with its signed end. */
const exportHref = "/activity/export?format=jsonl";

interface DeleteAccountProps {
  readonly accountName: string;
  readonly instances: number;
  readonly members: number;
}

/** Deletes the account for good, once its name has been typed. */
export function DeleteAccount({ accountName, instances, members }: DeleteAccountProps) {
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
          submit={t("submit")}
          remove={(confirmName) => deleteAccountAction({ confirmName })}
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
