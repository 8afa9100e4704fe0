import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";
import { DateTime } from "@/components/ui/date-time";
import { code } from "@/components/ui/text";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";

type StepState = "done" | "now" | "todo";

const states: Readonly<Record<TokenStatus, readonly [StepState, StepState, StepState]>> = {
  none: ["now", "todo", "todo"],
  disabled: ["done", "now", "todo"],
  staged: ["done", "now", "now"],
  active: ["done", "done", "done"],
};

/** Where one is on the way from no token to a token that every call must carry. */
export function TokenSteps({ view }: { readonly view: SecurityTokenView }) {
  const t = useTranslations("security.steps");
  const { status, createdAt, lastFour } = view;
  const [configure, send, activate] = states[status];
  const values = { enforced: view.enforcedInstances, total: view.totalInstances };
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
