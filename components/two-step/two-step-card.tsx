import { Minus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { TwoStepView } from "@/lib/domain/second-factor";
import { Card, CardHead } from "../ui/card";
import { StatusPill } from "../ui/status";
import type { TwoStepActions } from "./actions";
import { AppRow } from "./app-row";
import { EveryoneRow } from "./everyone-row";
import { RecoveryRow } from "./recovery-row";

interface TwoStepCardProps {
  readonly view: TwoStepView;
  readonly accountName: string;
  readonly email: string;
  readonly actions: TwoStepActions;
}

/** Two-step sign-in of the person, and for owners that of everyone. */
export function TwoStepCard({ view, accountName, email, actions }: TwoStepCardProps) {
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
        <AppRow view={view} email={email} actions={actions} />
        {view.factors.length > 0 && (
          <RecoveryRow left={view.recoveryCodesLeft} email={email} regenerate={actions.regenerate} />
        )}
        <EveryoneRow view={view} accountName={accountName} require={actions.require} />
      </div>
    </Card>
  );
}
