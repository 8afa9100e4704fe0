"use client";

import { useTranslations } from "next-intl";
import type { TwoStepView } from "@/lib/domain/second-factor";
import { toast } from "../ui/toaster";
import type { TwoStepActions } from "./actions";
import { ConfirmButton } from "./confirm-button";
import { Row } from "./row";

/** How many addresses the dialog names. */
const named = 10;

interface EveryoneRowProps {
  readonly view: TwoStepView;
  readonly accountName: string;
  readonly require: TwoStepActions["require"];
}

/** Whether the account requires two-step sign-in: a switch for owners, a sentence for the others when it does. */
export function EveryoneRow({ view, accountName, require }: EveryoneRowProps) {
  const t = useTranslations("twoStep.everyone");
  const { everyone, required, requiredByServer, factors } = view;
  const title = t("title", { account: accountName });
  if (!everyone) {
    const why = requiredByServer ? "memberByServer" : "member";
    return required ? <Row title={title} text={t(why, { account: accountName })} /> : null;
  }
  const { members, without } = everyone;
  const waiting = t("without", { count: without.length, members });
  if (requiredByServer) return <Row title={title} text={`${t("byServer")} ${waiting}`} />;
  return (
    <Row
      title={title}
      text={
        <>
          {t(required ? "required" : "optional")} {waiting}
          {factors.length === 0 && ` ${t("ownFirst")}`}
        </>
      }
    >
      {required ? (
        <ConfirmButton
          key="stop"
          label={t("stop")}
          title={t("stopTitle")}
          effects={
            <>
              <li>{t("stopEffect")}</li>
              <li>{t("stopKeep")}</li>
            </>
          }
          submitLabel={t("stopSubmit")}
          submitVariant="danger"
          run={() => require({ required: false })}
          onDone={() => toast.success(t("stopDone"))}
        />
      ) : (
        factors.length > 0 && (
          <ConfirmButton
            key="require"
            label={t("require")}
            title={t("requireTitle")}
            effects={
              <>
                {without.length === 0 && <li>{t("requireNobody")}</li>}
                <li>{t("requireCallers")}</li>
              </>
            }
            submitLabel={t("requireSubmit")}
            run={() => require({ required: true })}
            onDone={() => toast.success(t("requireDone"))}
          >
            {without.length > 0 && <Without accountName={accountName} emails={without} />}
          </ConfirmButton>
        )
      )}
    </Row>
  );
}

function Without({
  accountName,
  emails,
}: {
  readonly accountName: string;
  readonly emails: readonly string[];
}) {
  const t = useTranslations("twoStep.everyone");
  const more = emails.length - named;
  return (
    <div className="wrap-anywhere">
      <p>{t("requireThese", { count: emails.length, account: accountName })}</p>
      <ul className="mt-1.5 grid gap-0.5 font-medium">
        {emails.slice(0, named).map((email) => (
          <li key={email}>{email}</li>
        ))}
        {more > 0 && <li className="text-muted">{t("more", { count: more })}</li>}
      </ul>
    </div>
  );
}
