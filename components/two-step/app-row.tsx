"use client";

import { useTranslations } from "next-intl";
import type { TwoStepView } from "@/lib/domain/second-factor";
import { DateTime } from "../ui/date-time";
import { RelativeTime } from "../ui/relative-time";
import type { TwoStepActions } from "./actions";
import { Row } from "./row";
import { SetUpTotp } from "./set-up-totp";
import { TurnOffTotp } from "./turn-off-totp";

interface AppRowProps {
  readonly view: TwoStepView;
  readonly email: string;
  readonly actions: TwoStepActions;
}

/** The authenticator app: set up, replace, turn off. */
export function AppRow({ view, email, actions }: AppRowProps) {
  const t = useTranslations("twoStep.app");
  const { totp } = view;
  return (
    <Row title={t("title")} text={totp ? <Uses totp={totp} /> : t("none")}>
      <SetUpTotp
        key="set-up"
        label={totp ? t("replace") : t("setUp")}
        variant={totp ? "secondary" : "primary"}
        replaces={totp !== null}
        email={email}
        actions={actions}
      />
      {totp && <TurnOffTotp last={view.factors.length === 1} remove={actions.remove} />}
    </Row>
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
