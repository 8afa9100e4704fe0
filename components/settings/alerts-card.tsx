"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useActionState, useId, useState } from "react";
import { changeAlertsAction } from "@/lib/actions/settings";
import type { AlertSetting, AlertsView } from "@/lib/domain/alert";
import { useRefusalMessage } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Card, CardBody, CardHead } from "../ui/card";
import { Notice } from "../ui/status";
import { Switch } from "../ui/switch";
import { toast } from "../ui/toaster";

interface AlertsCardProps {
  readonly view: AlertsView;
  readonly accountName: string;
  readonly email: string;
}

/** What the reader is told by mail about the account, a switch for each kind. */
export function AlertsCard({ view: { settings, obstacle }, accountName, email }: AlertsCardProps) {
  const t = useTranslations("settings.alerts");
  const link = (chunks: ReactNode) => (
    <a href="#email" className="text-accent underline">
      {chunks}
    </a>
  );
  return (
    <Card aria-labelledby="alerts">
      <CardHead
        id="alerts"
        title={t("title")}
        description={
          <span className="wrap-anywhere">{t("description", { email, account: accountName })}</span>
        }
      />
      {obstacle && (
        <CardBody className="pt-0 md:pt-0">
          <Notice tone={obstacle === "mail_off" ? "idle" : "warn"} title={t(`${obstacle}.title`)}>
            {t.rich(`${obstacle}.text`, { link })}
          </Notice>
        </CardBody>
      )}
      <ul className="border-line border-t">
        {settings.map((setting) => (
          <AlertRow key={setting.kind} {...setting} />
        ))}
      </ul>
    </Card>
  );
}

/** One kind: what it tells of and how often, and its switch. Without JavaScript the browser sends the form itself. */
function AlertRow({ kind, on }: AlertSetting) {
  const t = useTranslations("settings.alerts");
  const refusal = useRefusalMessage();
  const { pending, submit } = useSubmission();
  const [answer, send] = useActionState(changeAlertsAction, null);
  // What was asked for shows at once.
  const [wish, setWish] = useState<boolean | null>(null);
  const shown = wish ?? on;
  const id = useId();

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (pending) return;
    setWish(form.get("on") === "true");
    const result = await submit(() => changeAlertsAction(null, form));
    if (result && !result.ok) toast.error(refusal(result));
    setWish(null);
  }

  return (
    <li className="flex items-center justify-between gap-4 border-line px-4 py-3.5 not-last:border-b md:px-6">
      <div className="min-w-0">
        <h3 id={id} className="font-medium">
          {t(`kind.${kind}`)}
        </h3>
        <p className="text-pretty text-muted">{t(`text.${kind}`)}</p>
        {answer && !answer.ok && (
          <p role="alert" className="mt-1 text-bad text-xs">
            {refusal(answer)}
          </p>
        )}
      </div>
      <form action={send} onSubmit={onSubmit}>
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="on" value={String(!shown)} />
        <Switch
          type="submit"
          on={shown}
          stateText={t(shown ? "on" : "off")}
          pending={pending}
          aria-labelledby={id}
          aria-describedby={`${id}-state`}
        />
      </form>
    </li>
  );
}
