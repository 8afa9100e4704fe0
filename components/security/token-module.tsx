import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardHead } from "@/components/ui/card";
import { term } from "@/components/ui/text";
import type { ActivationForecast, RotationProgress } from "@/lib/domain/caller-view";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import type { TokenActions } from "./token-actions";
import { TokenChanges } from "./token-changes";
import { TokenControls } from "./token-controls";
import { tokenModuleId } from "./token-module-id";
import { TokenStatus } from "./token-status";
import { TokenSteps } from "./token-steps";

interface TokenModuleProps {
  readonly view: SecurityTokenView;
  /** Names of some of the account's instances, newest first. */
  readonly names: readonly string[];
  /** What activating would do; null while there is no token. */
  readonly forecast: ActivationForecast | null;
  /** Who still sends the old token; null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
  readonly accountName: string;
  /** null: this person may look but not change. */
  readonly actions: TokenActions | null;
  /** *Deactivate Token* stands among the children, beside those who stopped working. */
  readonly deactivateAbove: boolean;
  /** What belongs between the steps and the buttons. */
  readonly children: ReactNode;
}

const headingId = tokenModuleId;

/** The region *Account Security Token*: its state, the steps, what they mean, and the buttons. */
export function TokenModule({ children, forecast, actions, ...controls }: TokenModuleProps) {
  const { view, rotation } = controls;
  const t = useTranslations("security.token");
  return (
    <Card aria-labelledby={headingId}>
      <CardHead
        id={headingId}
        title={t("title")}
        description={t.rich("description", { term })}
        aside={<TokenStatus view={view} />}
      />
      <TokenSteps view={view} />
      <TokenChanges {...{ view, forecast, rotation, actions }}>
        <div className="divide-y divide-line">{children}</div>
        <TokenControls {...controls} headingId={headingId} />
      </TokenChanges>
    </Card>
  );
}
