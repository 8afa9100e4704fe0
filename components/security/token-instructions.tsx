"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CallSamples } from "@/components/instances/call-samples";
import { InstanceSecretProvider } from "@/components/instances/instance-secret";
import { instancePlaceholder, wireAnswers } from "@/components/instances/samples";
import { CardBody } from "@/components/ui/card";
import { StatusPill } from "@/components/ui/status";
import { code, term } from "@/components/ui/text";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { InstanceSummary } from "@/lib/domain/instance";

interface TokenInstructionsProps {
  readonly origin: string;
  /** Whose URL the samples carry; null when there is no instance yet. */
  readonly newest: Pick<InstanceSummary, "id" | "name" | "upstreamUrl"> | null;
  /** Whether this person may see instance tokens. */
  readonly mayReveal: boolean;
  readonly status: Exclude<TokenStatus, "none">;
}

const intros = {
  disabled: "intro",
  staged: "introStaged",
  grace: "introStaged",
  active: "introDemanded",
} as const;

/** How callers send the header, with the reader's own URL. */
export function TokenInstructions({ origin, newest, mayReveal, status }: TokenInstructionsProps) {
  const t = useTranslations("security.ready");
  const name = newest?.name ?? instancePlaceholder;
  return (
    <CardBody className="grid grid-cols-1 gap-3">
      <div className="grid gap-2">
        <h3 className="font-semibold">{t("title")}</h3>
        <p className="text-pretty wrap-anywhere">
          {t(intros[status])}{" "}
          {newest ? t("forInstance", { name }) : t.rich("noInstance", { link: instancesLink })}
        </p>
      </div>
      <InstanceSecretProvider
        origin={origin}
        instanceId={newest?.id ?? instancePlaceholder}
        mayReveal={mayReveal && newest !== null}
      >
        <CallSamples name={name} echo={!newest?.upstreamUrl} />
      </InstanceSecretProvider>
      <p className="text-pretty text-muted">{t(status === "disabled" ? "shownOnce" : "shownOnceDemanded")}</p>
    </CardBody>
  );
}

function instancesLink(chunks: ReactNode) {
  return (
    <Link href="/instances" className="text-text underline underline-offset-4">
      {chunks}
    </Link>
  );
}

interface TokenAnswersProps {
  /** Says whether these answers are given now, and everywhere. */
  readonly status: Exclude<TokenStatus, "none">;
  readonly pausedInstances: number;
}

const titles = {
  disabled: "titleNext",
  staged: "titleStaged",
  grace: "titleStaged",
  active: "title",
} as const;

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
