import { Check, MailX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardBody, CardFoot, CardHead } from "../ui/card";
import { Notice } from "../ui/notice";
import { StatusPill } from "../ui/status-pill";
import { SendLink, type SendLinkAction } from "./send-link";

interface EmailCardProps {
  readonly email: string;
  readonly verified: boolean;
  readonly mailOn: boolean;
  readonly sendLink: SendLinkAction;
}

/** Whether mail reaches this person, and what does not work as long as it does not. */
export function EmailCard({ email, verified, mailOn, sendLink }: EmailCardProps) {
  const t = useTranslations("settings.email");
  const state = verified ? "confirmed" : mailOn ? "unconfirmed" : "off";
  const icon = { confirmed: Check, unconfirmed: TriangleAlert, off: MailX }[state];
  return (
    <Card aria-labelledby="email">
      <CardHead id="email" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-4 pt-0 md:pt-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="font-medium [overflow-wrap:anywhere]">{email}</span>
          <StatusPill tone={state === "confirmed" ? "good" : state === "off" ? "idle" : "warn"} icon={icon}>
            {t(`state.${state}`)}
          </StatusPill>
        </p>
        {!mailOn && (
          <Notice tone="idle" title={t("offTitle")}>
            {t("off")}
          </Notice>
        )}
      </CardBody>
      {state === "unconfirmed" && (
        <CardFoot note={t("sendNote")}>
          <SendLink action={sendLink} />
        </CardFoot>
      )}
    </Card>
  );
}
