"use client";

import { useTranslations } from "next-intl";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { canChange, type TokenChange } from "@/lib/domain/enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";

/** What the module's buttons do. Instances are switched one by one elsewhere. */
export type PressedChange = Exclude<TokenChange, "enforce" | "release">;

const buttons: readonly { readonly change: PressedChange; readonly variant: ButtonVariant }[] = [
  { change: "remove", variant: "quiet" },
  { change: "regenerate", variant: "secondary" },
  { change: "finish", variant: "secondary" },
  { change: "replace", variant: "quiet" },
  { change: "rotate", variant: "secondary" },
  { change: "configure", variant: "primary" },
  { change: "deactivate", variant: "secondary" },
  { change: "activate", variant: "primary" },
];

/** What a rotation that is under way is ended with; stands where the page tells of it. */
export const rotationChanges: readonly PressedChange[] = ["finish", "replace"];

interface TokenButtonsProps {
  readonly view: SecurityTokenView;
  /** The change under way that was not asked about first; null when there is none. */
  readonly running: PressedChange | null;
  /** Changes whose buttons stand elsewhere. */
  readonly without?: readonly PressedChange[];
  /** Those that are meant, if not all. */
  readonly only?: readonly PressedChange[];
  readonly onPress: (change: PressedChange) => void;
}

/** The buttons of what is possible in this state. */
export function TokenButtons({ view, running, without = [], only, onPress }: TokenButtonsProps) {
  const t = useTranslations("security.action");
  const meant = ({ change }: { change: PressedChange }) =>
    !without.includes(change) && (only?.includes(change) ?? true);
  return buttons
    .filter(meant)
    .filter(({ change }) => canChange(view.status, change, view.retiring !== null))
    .map(({ change, variant }) => (
      <Button key={change} variant={variant} pending={change === running} onClick={() => onPress(change)}>
        {change === "activate" && view.status === "staged" ? t("activateAll") : t(change)}
      </Button>
    ));
}
