"use client";

import { useTranslations } from "next-intl";
import { CardBody, CardFoot } from "@/components/ui/card";
import type { RotationProgress } from "@/lib/domain/caller-view";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { rotationChanges, TokenButtons } from "./token-buttons";
import { useChanges } from "./token-changes";
import { TokenDialogs } from "./token-dialogs";
import { tokenProblem } from "./token-failure";
import { useFocusWhenLost } from "./use-focus-when-lost";

interface TokenControlsProps {
  readonly view: SecurityTokenView;
  readonly names: readonly string[];
  /** Who still sends the old token; null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
  readonly accountName: string;
  readonly headingId: string;
  /** *Deactivate Token* stands further up. */
  readonly deactivateAbove: boolean;
}

/** What was pressed can stand a long way up. */
function intoView(notice: HTMLElement | null) {
  notice?.scrollIntoView({ block: "nearest" });
}

/** The buttons of the module that do not stand further up, and the dialogs of all of them. */
export function TokenControls(props: TokenControlsProps) {
  const { view, headingId, deactivateAbove } = props;
  const t = useTranslations("security");
  const changes = useChanges();
  const open = changes !== null && (changes.asking !== null || changes.made !== null);
  useFocusWhenLost(headingId, open, `${view.status} ${view.tokenId} ${view.retiring?.id}`);
  if (!changes) return <CardFoot note={t("foot.viewer")} />;
  const problem = tokenProblem(changes.problem);
  const above = [
    ...(deactivateAbove ? (["deactivate"] as const) : []),
    ...(view.retiring ? rotationChanges : []),
  ];
  return (
    <>
      {!changes.asking && problem && (
        <CardBody ref={intoView} className="scroll-mb-20">
          {problem}
        </CardBody>
      )}
      <CardFoot note={t(`foot.${view.status}`)}>
        <TokenButtons view={view} running={changes.running} without={above} onPress={changes.press} />
      </CardFoot>
      <TokenDialogs changes={changes} {...props} />
    </>
  );
}
