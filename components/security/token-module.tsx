"use client";

import { Check, Clock, ShieldOff } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { Card, CardBody, CardFoot, CardHead } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import { DateTime } from "@/components/ui/date-time";
import { StatusPill } from "@/components/ui/status";
import { code, term } from "@/components/ui/text";
import { canChange, type TokenStatus } from "@/lib/domain/enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { useFocusWhenLost } from "../ui/dialog";
import { tokenModuleId } from "./security-place";
import type { PressedChange, TokenChanges } from "./token-changes";

interface TokenModuleProps {
  readonly token: SecurityTokenView;
  /** null: this person may look but not change. */
  readonly changes: TokenChanges | null;
  /** It is armed already: what can be done about that stands among the children. */
  readonly armed: boolean;
  /** *Deactivate Token* stands among the children, beside those who stopped working. */
  readonly deactivateAbove: boolean;
  /** What belongs between the steps and the buttons. */
  readonly children: ReactNode;
}

/** The region *Account Security Token*: its state, the steps, what they mean, and the buttons. */
export function TokenModule({ token, changes, armed, deactivateAbove, children }: TokenModuleProps) {
  const t = useTranslations("security");
  const { status, tokenId, retiring } = token;
  useFocusWhenLost(tokenModuleId, changes?.open ?? false, `${status} ${tokenId} ${retiring?.id} ${armed}`);
  const above: PressedChange[] = [
    ...(deactivateAbove ? (["deactivate"] as const) : []),
    ...(retiring ? rotationChanges : []),
    ...(armed || token.enforcedInstances === token.totalInstances ? (["arm"] as const) : []),
  ];
  return (
    <Card aria-labelledby={tokenModuleId}>
      <CardHead
        id={tokenModuleId}
        title={t("token.title")}
        description={t.rich("token.description", { term })}
        aside={<StatusOfToken token={token} />}
      />
      <TokenSteps token={token} />
      <div className="divide-y divide-line">{children}</div>
      {changes?.problem && (
        <CardBody ref={intoView} className="scroll-mb-20">
          {changes.problem}
        </CardBody>
      )}
      <CardFoot note={changes ? t(`foot.${status}`) : t("foot.viewer")}>
        {changes && <TokenButtons {...{ token, changes }} without={above} />}
      </CardFoot>
      {changes?.dialog}
    </Card>
  );
}

/** What was pressed can stand a long way up. */
function intoView(notice: HTMLElement | null) {
  notice?.scrollIntoView({ block: "nearest" });
}

const buttons: readonly { readonly change: PressedChange; readonly variant: ButtonVariant }[] = [
  { change: "remove", variant: "quiet" },
  { change: "regenerate", variant: "secondary" },
  { change: "finish", variant: "secondary" },
  { change: "replace", variant: "quiet" },
  { change: "rotate", variant: "secondary" },
  { change: "configure", variant: "primary" },
  { change: "deactivate", variant: "secondary" },
  { change: "arm", variant: "secondary" },
  { change: "activate", variant: "primary" },
];

/** What a rotation that is under way is ended with; stands where the page tells of it. */
export const rotationChanges: readonly PressedChange[] = ["finish", "replace"];

interface TokenButtonsProps {
  readonly token: SecurityTokenView;
  readonly changes: TokenChanges;
  /** Changes whose buttons stand elsewhere. */
  readonly without?: readonly PressedChange[];
  /** Those that are meant, if not all. */
  readonly only?: readonly PressedChange[];
}

/** The buttons of what is possible in this state. */
export function TokenButtons({ token, changes, without = [], only }: TokenButtonsProps) {
  const t = useTranslations("security.action");
  const { status, retiring } = token;
  return buttons
    .filter(({ change }) => !without.includes(change) && (only?.includes(change) ?? true))
    .filter(({ change }) => canChange(status, change, retiring !== null))
    .map(({ change, variant }) => (
      <Button
        key={change}
        variant={variant}
        pending={change === changes.running}
        onClick={() => changes.press(change)}
      >
        {change === "activate" && status === "staged" ? t("activateAll") : t(change)}
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

type StepState = "done" | "now" | "todo";

const states: Readonly<Record<TokenStatus, readonly [StepState, StepState, StepState]>> = {
  none: ["now", "todo", "todo"],
  disabled: ["done", "now", "todo"],
  staged: ["done", "now", "now"],
  grace: ["done", "now", "now"],
  active: ["done", "done", "done"],
};

/** Where one is on the way from no token to a token that every call must carry. */
function TokenSteps({ token }: { readonly token: SecurityTokenView }) {
  const t = useTranslations("security.steps");
  const { status, createdAt, lastFour } = token;
  const [configure, send, activate] = states[status];
  const values = { enforced: token.enforcedInstances, total: token.totalInstances };
  return (
    <ol
      aria-label={t("label")}
      className="grid divide-line border-line border-y max-md:divide-y md:grid-cols-3 md:divide-x"
    >
      <Step position={1} state={configure} title={t("configure.title")}>
        {createdAt && lastFour
          ? t.rich("configure.done", {
              when: () => <DateTime date={createdAt} precision="date" />,
              code,
              lastFour,
            })
          : t("configure.todo")}
      </Step>
      <Step position={2} state={send} title={t("send.title")}>
        {t(`send.${send}`)}
      </Step>
      <Step position={3} state={activate} title={t("activate.title")}>
        {activate === "now" ? t("activate.staged", values) : t(`activate.${activate}`, values)}
      </Step>
    </ol>
  );
}

interface StepProps {
  readonly position: number;
  readonly state: StepState;
  readonly title: string;
  readonly children: ReactNode;
}

const circles: Readonly<Record<StepState, string>> = {
  done: "bg-good-soft text-good",
  now: "bg-accent text-accent-ink",
  todo: "border border-line-strong text-muted",
};

function Step({ position, state, title, children }: StepProps) {
  const t = useTranslations("security.steps");
  return (
    <li aria-current={state === "now" ? "step" : undefined} className="flex gap-3 px-4 py-3.5 md:px-6">
      <span
        aria-hidden
        className={classNames(
          "grid size-[22px] shrink-0 place-items-center rounded-full font-semibold text-xs",
          circles[state],
        )}
      >
        {state === "done" ? <Check strokeWidth={3} className="size-3" /> : position}
      </span>
      <div className="min-w-0">
        <p className="font-medium">
          {state === "done" && <span className="sr-only">{t("done")} </span>}
          {title}
        </p>
        <p className="text-pretty text-muted">{children}</p>
      </div>
    </li>
  );
}
