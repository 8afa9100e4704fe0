"use client";

import { Clock, ShieldOff } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { StatusPill } from "@/components/ui/status";
import { code, term } from "@/components/ui/text";
import { canChange, type TokenStatus } from "@/lib/domain/enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { useFocusWhenLost } from "../ui/dialog";
import { tokenModuleId } from "./security-place";
import type { TokenChanges } from "./token-changes";
import type { PressedChange } from "./token-dialog";

interface TokenModuleProps {
  readonly token: SecurityTokenView;
  /** null: this person may look but not change. */
  readonly changes: TokenChanges | null;
  readonly armed: boolean;
  /** What stands in the foot beside its buttons. */
  readonly note: ReactNode;
  /** What belongs between the head and the foot. */
  readonly children: ReactNode;
}

/** The region *Account Security Token*: its state, what it means, and the buttons. */
export function TokenModule({ token, changes, armed, note, children }: TokenModuleProps) {
  const t = useTranslations("security.token");
  const { status, tokenId, retiring, createdAt, lastFour } = token;
  useFocusWhenLost(tokenModuleId, changes?.open ?? false, `${status} ${tokenId} ${retiring?.id} ${armed}`);
  const shown = footChanges[status].filter((change) => !(retiring && isOfRotation(change)));
  return (
    <Card aria-labelledby={tokenModuleId}>
      <CardHead
        id={tokenModuleId}
        title={t("title")}
        description={
          <>
            {t.rich("description", { term })}
            {createdAt &&
              lastFour &&
              t.rich("made", { code, lastFour, when: () => <DateTime date={createdAt} precision="date" /> })}
          </>
        }
        aside={<StatusOfToken token={token} />}
      />
      <div className="divide-y divide-line border-line border-t">{children}</div>
      {changes?.problem && (
        <CardBody ref={intoView} className="scroll-mb-20">
          {changes.problem}
        </CardBody>
      )}
      {status !== "none" && (
        <CardFoot note={note}>{changes && <TokenButtons {...{ token, changes }} only={shown} />}</CardFoot>
      )}
      {changes?.dialog}
    </Card>
  );
}

/** What was pressed can stand a long way up. */
function intoView(notice: HTMLElement | null) {
  notice?.scrollIntoView({ block: "nearest" });
}

/** What is seldom wanted in a state: the rest are the ways on, which come first on the page. */
const footChanges: Readonly<Record<TokenStatus, readonly PressedChange[]>> = {
  none: [],
  disabled: ["remove", "regenerate"],
  staged: ["replace", "rotate"],
  grace: ["replace", "rotate"],
  active: ["replace"],
};

/** What a rotation that is under way is ended with; stands where the page tells of it. */
export const rotationChanges = ["finish", "replace"] as const;

const isOfRotation = (change: PressedChange) => rotationChanges.some((each) => each === change);

const variants: Partial<Readonly<Record<PressedChange, ButtonVariant>>> = {
  remove: "quiet",
  replace: "quiet",
};

interface TokenButtonsProps {
  readonly token: SecurityTokenView;
  readonly changes: TokenChanges;
  /** Those that are meant. */
  readonly only: readonly PressedChange[];
}

/** The buttons of what is possible in this state. */
export function TokenButtons({ token, changes, only }: TokenButtonsProps) {
  const t = useTranslations("security.action");
  const { status, retiring } = token;
  return only
    .filter((change) => canChange(status, change, retiring !== null))
    .map((change) => (
      <Button
        key={change}
        variant={variants[change] ?? "secondary"}
        pending={change === changes.running}
        onClick={() => changes.press(change)}
        onFocus={changes.prepare}
        onPointerEnter={changes.prepare}
      >
        {t(change)}
      </Button>
    ));
}

const pills = {
  none: { tone: "idle", icon: ShieldOff },
  disabled: { tone: "warn", icon: Clock },
  staged: { tone: "warn", icon: Clock },
  grace: { tone: "warn", icon: Clock },
  active: { tone: "good" },
} as const;

/** The state of the account security token in one or two words. */
function StatusOfToken({ token }: { readonly token: SecurityTokenView }) {
  const t = useTranslations("security.token.status");
  const { status, enforcedInstances: enforced, totalInstances: total } = token;
  return <StatusPill {...pills[status]}>{t(status, { enforced, total })}</StatusPill>;
}
