"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/button-style";
import { canChange, type TokenChange } from "@/lib/domain/enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";

/** What the module's buttons do. Instances are switched one by one elsewhere. */
export type PressedChange = Exclude<TokenChange, "enforce" | "release">;

const buttons: readonly { readonly change: PressedChange; readonly variant: ButtonVariant }[] = [
  { change: "remove", variant: "quiet" },
  { change: "regenerate", variant: "secondary" },
  { change: "replace", variant: "quiet" },
  { change: "rotate", variant: "secondary" },
  { change: "finish", variant: "secondary" },
  { change: "configure", variant: "primary" },
  { change: "deactivate", variant: "secondary" },
  { change: "activate", variant: "primary" },
];

function isOffered({ status, retiring }: SecurityTokenView, change: PressedChange): boolean {
  const rotating = retiring !== null;
  // Where there can be an overlap, the dialog of the rotation offers to have none.
  if (change === "replace" && canChange(status, "rotate", rotating)) return false;
  return canChange(status, change, rotating);
}

interface TokenButtonsProps {
  readonly view: SecurityTokenView;
  /** The change under way that was not asked about first; null when there is none. */
  readonly running: PressedChange | null;
  /** A change whose button stands elsewhere. */
  readonly without: PressedChange | null;
  readonly onPress: (change: PressedChange) => void;
}

/** The buttons of what is possible in this state. */
export function TokenButtons({ view, running, without, onPress }: TokenButtonsProps) {
  const t = useTranslations("security.action");
  return buttons
    .filter(({ change }) => change !== without && isOffered(view, change))
    .map(({ change, variant }) => (
      <Button key={change} variant={variant} pending={change === running} onClick={() => onPress(change)}>
        {change === "activate" && view.status === "staged" ? t("activateAll") : t(change)}
      </Button>
    ));
}
