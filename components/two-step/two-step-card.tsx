"use client";

import { Minus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { WrapText } from "@/components/ui/text";
import {
  regenerateRecoveryCodesAction,
  removeTotpAction,
  requireTwoStepAction,
} from "@/lib/actions/second-factors";
import { recoveryCodeCount, recoveryCodesFew, type TwoStepView } from "@/lib/domain/second-factor";
import { ConfirmButton } from "../shell/confirm-button";
import { Card, CardHead, CardRow } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { RelativeTime } from "../ui/relative-time";
import { StatusPill } from "../ui/status";
import { toast } from "../ui/toaster";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";
import { SetUpTotp } from "./set-up-totp";

interface TwoStepCardProps {
  readonly view: TwoStepView;
  readonly accountName: string;
  readonly email: string;
}

/** Two-step sign-in of the person, and for owners that of everyone. */
export function TwoStepCard({ view, accountName, email }: TwoStepCardProps) {
  const t = useTranslations("twoStep");
  const state = view.factors.length > 0 ? "on" : "off";
  return (
    <Card aria-labelledby="two-step">
      <CardHead
        id="two-step"
        title={t("title")}
        description={t(`state.${state}`)}
        aside={
          state === "on" ? (
            <StatusPill tone="good">{t("status.on")}</StatusPill>
          ) : (
            <StatusPill tone="idle" icon={Minus}>
              {t("status.off")}
            </StatusPill>
          )
        }
      />
      <div className="border-line border-t">
        <AppRow view={view} email={email} />
        {view.factors.length > 0 && <RecoveryRow left={view.recoveryCodesLeft} email={email} />}
        <EveryoneRow view={view} accountName={accountName} />
      </div>
    </Card>
  );
}

/** The authenticator app: set up, replace, turn off. */
function AppRow({ view, email }: Omit<TwoStepCardProps, "accountName">) {
  const t = useTranslations("twoStep.app");
  const { totp } = view;
  return (
    <CardRow title={t("title")} text={totp ? <Uses totp={totp} /> : t("none")}>
      <SetUpTotp
        key="set-up"
        label={totp ? t("replace") : t("setUp")}
        variant={totp ? "secondary" : "primary"}
        replaces={totp !== null}
        email={email}
      />
      {totp && <TurnOffTotp last={view.factors.length === 1} />}
    </CardRow>
  );
}

function Uses({ totp: { addedAt, lastUsedAt } }: { readonly totp: NonNullable<TwoStepView["totp"]> }) {
  const t = useTranslations("twoStep.app");
  return (
    <>
      {t.rich("added", { when: () => <DateTime date={addedAt} precision="date" /> })}{" "}
      {lastUsedAt && t.rich("used", { when: () => <RelativeTime date={lastUsedAt} /> })}
    </>
  );
}

/** Turns the authenticator app off, after saying what that means. `last`: it is the last second factor. */
function TurnOffTotp({ last }: { readonly last: boolean }) {
  const t = useTranslations("twoStep");
  return (
    <ConfirmButton
      label={t("app.turnOff")}
      variant="quiet"
      title={t("turnOff.title")}
      description={t("turnOff.description")}
      effects={
        <>
          {last && <li>{t("turnOff.last")}</li>}
          {last && <li>{t("turnOff.codes")}</li>}
          <li>{t("turnOff.back")}</li>
        </>
      }
      submit={t("turnOff.submit")}
      submitVariant="danger"
      run={removeTotpAction}
      onDone={() => toast.success(t("turnOff.done"))}
    />
  );
}

/** How many recovery codes are left, a warning when they run out, and a way to make new ones. */
function RecoveryRow({ left, email }: { readonly left: number; readonly email: string }) {
  const t = useTranslations("twoStep.recovery");
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const few = left <= recoveryCodesFew;
  return (
    <CardRow
      title={
        <>
          {t("title")} {few && <StatusPill tone="warn">{t("few")}</StatusPill>}
        </>
      }
      text={t("left", { count: left, total: recoveryCodeCount })}
    >
      <ConfirmButton
        label={t("make")}
        title={t("confirmTitle")}
        description={t("confirmDescription", { total: recoveryCodeCount })}
        effects={
          <>
            <li>{t("confirmOld", { count: left })}</li>
            <li>{t("confirmKeep")}</li>
          </>
        }
        submit={t("make")}
        run={regenerateRecoveryCodesAction}
        onDone={({ recoveryCodes }) => setCodes(recoveryCodes)}
      />
      {codes && <RecoveryCodesDialog codes={codes} email={email} onDone={() => setCodes(null)} />}
    </CardRow>
  );
}

/** How many addresses the dialog names. */
const named = 10;

/** Whether the account requires two-step sign-in: a switch for owners, a sentence for the others when it does. */
function EveryoneRow({ view, accountName }: Omit<TwoStepCardProps, "email">) {
  const t = useTranslations("twoStep.everyone");
  const { everyone, required, requiredByServer, factors } = view;
  const title = t("title", { account: accountName });
  if (!everyone) {
    const why = requiredByServer ? "memberByServer" : "member";
    return required ? <CardRow title={title} text={t(why, { account: accountName })} /> : null;
  }
  const { members, without } = everyone;
  const waiting = t("without", { count: without.length, members });
  if (requiredByServer) return <CardRow title={title} text={`${t("byServer")} ${waiting}`} />;
  return (
    <CardRow
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
          submit={t("stopSubmit")}
          submitVariant="danger"
          run={() => requireTwoStepAction({ required: false })}
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
            submit={t("requireSubmit")}
            run={() => requireTwoStepAction({ required: true })}
            onDone={() => toast.success(t("requireDone"))}
          >
            {without.length > 0 && <Without accountName={accountName} emails={without} />}
          </ConfirmButton>
        )
      )}
    </CardRow>
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
          <li key={email}>
            <WrapText>{email}</WrapText>
          </li>
        ))}
        {more > 0 && <li className="text-muted">{t("more", { count: more })}</li>}
      </ul>
    </div>
  );
}
