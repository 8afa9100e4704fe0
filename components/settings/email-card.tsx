import { Check, MailX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardBody, CardFoot, CardHead } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { Notice, StatusPill } from "../ui/status";
import { ChangeAddress, type ChangeAddressAction } from "./change-address";
import { SendLink, type SendLinkAction } from "./send-link";

interface EmailCardProps {
  readonly email: string;
  readonly verified: boolean;
  /** The address that waits for its link to be opened. */
  readonly wanted: { readonly email: string; readonly until: Date } | null;
  readonly mailOn: boolean;
  readonly change: ChangeAddressAction;
  readonly sendLink: SendLinkAction;
}

/** Whether mail reaches this person, and what does not work as long as it does not. */
export function EmailCard({ email, verified, wanted, mailOn, change, sendLink }: EmailCardProps) {
  const t = useTranslations("settings.email");
  const state = verified ? "confirmed" : mailOn ? "unconfirmed" : "off";
  const icon = { confirmed: Check, unconfirmed: TriangleAlert, off: MailX }[state];
  return (
    <Card aria-labelledby="email">
      <CardHead
        id="email"
        title={t("title")}
        description={t("description")}
        aside={mailOn && <ChangeAddress change={change} />}
      />
      <CardBody className="grid gap-4 pt-0 md:pt-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="font-medium [overflow-wrap:anywhere]">{email}</span>
          <StatusPill tone={state === "confirmed" ? "good" : state === "off" ? "idle" : "warn"} icon={icon}>
            {t(`state.${state}`)}
          </StatusPill>
        </p>
        {mailOn && wanted && (
          <p className="text-muted text-pretty wrap-anywhere">
            {t.rich("wanted", { email: wanted.email, when: () => <DateTime date={wanted.until} /> })}
          </p>
        )}
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
