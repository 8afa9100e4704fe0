"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmStep } from "@/components/members/confirm-step";
import { CardFoot } from "@/components/ui/card";
import { controlStyle } from "@/components/ui/field";
import type { ActionResult } from "@/lib/domain/errors";

interface HandOverProps {
  readonly accountName: string;
  /** The members it can be handed over to. */
  readonly members: readonly { readonly userId: string; readonly email: string }[];
  readonly transfer: (input: { userId: string }) => Promise<ActionResult<unknown>>;
}

/** Makes another member the owner and oneself an admin. */
export function HandOver({ accountName, members, transfer }: HandOverProps) {
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
        <ConfirmStep
          label={t("open")}
          title={t("title", { account: accountName, email })}
          effects={[t("effectTheirs", { email }), t("effectYours"), t("effectBack")]}
          cancel={t("cancel")}
          confirm={t("confirm")}
          done={t("done")}
          run={() => transfer({ userId })}
        />
      </span>
    </CardFoot>
  );
}
