"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmButton } from "@/components/shell/confirm-button";
import { CardFoot } from "@/components/ui/card";
import { controlStyle } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import { transferOwnershipAction } from "@/lib/actions/members";

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
              <li>{t("effectTheirs", { email })}</li>
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
