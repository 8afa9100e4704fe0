import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { CardBody } from "@/components/ui/card";
import { StatusPill } from "@/components/ui/status";
import { code, term } from "@/components/ui/text";
import type { TokenStatus } from "@/lib/domain/enforcement";

interface TokenAnswersProps {
  /** Says whether these answers are given now, and everywhere. */
  readonly status: Exclude<TokenStatus, "none">;
  readonly pausedInstances: number;
}

const titles = { disabled: "titleNext", staged: "titleStaged", active: "title" } as const;

/** What a call gets, by what it carries. */
export function TokenAnswers({ status, pausedInstances }: TokenAnswersProps) {
  const t = useTranslations("security.answers");
  return (
    <CardBody className="grid gap-2">
      <h3 className="font-semibold">{t(titles[status])}</h3>
      <dl className="divide-y divide-line">
        <Answer call={t.rich("right", { term })}>
          <StatusPill tone="good">{t("rightAnswer")}</StatusPill>
        </Answer>
        <Answer call={t("missing")}>{code(`403 ${wireAnswers.missingToken}`)}</Answer>
        <Answer call={t("wrong")}>{code(`403 ${wireAnswers.wrongToken}`)}</Answer>
      </dl>
      {pausedInstances > 0 && (
        <p className="text-pretty text-muted">
          {t.rich("paused", { code, paused: pausedInstances, answer: wireAnswers.paused })}
        </p>
      )}
    </CardBody>
  );
}

function Answer({ call, children }: { readonly call: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 py-2.5 sm:grid-cols-2 sm:items-center">
      <dt>{call}</dt>
      <dd>{children}</dd>
    </div>
  );
}
