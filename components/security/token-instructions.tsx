"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CallSamples } from "@/components/instances/call-samples";
import { InstanceSecretProvider } from "@/components/instances/instance-secret";
import { instancePlaceholder, wireAnswers } from "@/components/instances/samples";
import { Card, CardBody } from "@/components/ui/card";
import { StatusPill } from "@/components/ui/status";
import { code, term } from "@/components/ui/text";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { InstanceSummary } from "@/lib/domain/instance";
import { samplesId } from "./security-place";

interface TokenInstructionsProps {
  readonly origin: string;
  /** Whose URL the samples carry; null when there is no instance yet. */
  readonly newest: Pick<InstanceSummary, "id" | "calledId" | "name" | "upstreamUrl"> | null;
  /** Whether this person may see instance tokens. */
  readonly mayReveal: boolean;
  readonly status: Exclude<TokenStatus, "none">;
  readonly pausedInstances: number;
  /** Unfolded from the start: as long as nobody has been heard since, it is what comes next. */
  readonly open: boolean;
}

const intros = {
  disabled: "intro",
  staged: "introStaged",
  grace: "introStaged",
  active: "introDemanded",
} as const;

/** How callers send the header, with the reader's own URL, and what they get; folded to a line. */
export function TokenInstructions(props: TokenInstructionsProps) {
  const { origin, newest, mayReveal, status, pausedInstances, open } = props;
  const t = useTranslations("security.ready");
  const name = newest?.name ?? instancePlaceholder;
  return (
    <Card as="div" className="mt-5">
      <details open={open} className="group/samples">
        <summary className="flex list-none items-center gap-4 p-4 hover:bg-sunken md:px-6 [&::-webkit-details-marker]:hidden">
          <span className="min-w-0 flex-1">
            <h2 id={samplesId} className="scroll-mt-10 font-semibold text-lg tracking-tight">
              {t("title")}
            </h2>
            <span className="block text-pretty text-muted">{t("hint")}</span>
          </span>
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-muted transition-transform duration-100 group-open/samples:rotate-90"
          />
        </summary>
        <CardBody className="grid grid-cols-1 gap-3 border-line border-t">
          <p className="text-pretty wrap-break-word">
            {t(intros[status])}{" "}
            {newest ? t("forInstance", { name }) : t.rich("noInstance", { link: instancesLink })}
          </p>
          <InstanceSecretProvider
            origin={origin}
            instanceId={newest?.id ?? instancePlaceholder}
            calledId={newest?.calledId ?? instancePlaceholder}
            mayReveal={mayReveal && newest !== null}
          >
            <CallSamples name={name} echo={!newest?.upstreamUrl} />
          </InstanceSecretProvider>
          <p className="text-pretty text-muted">
            {t(status === "disabled" ? "shownOnce" : "shownOnceDemanded")}
          </p>
        </CardBody>
        <TokenAnswers status={status} pausedInstances={pausedInstances} />
      </details>
    </Card>
  );
}

function instancesLink(chunks: ReactNode) {
  return (
    <Link href="/instances" className="text-text underline underline-offset-4">
      {chunks}
    </Link>
  );
}

type TokenAnswersProps = Pick<TokenInstructionsProps, "status" | "pausedInstances">;

const titles = {
  disabled: "titleNext",
  staged: "titleStaged",
  grace: "titleStaged",
  active: "title",
} as const;

/** What a call gets, by what it carries. */
function TokenAnswers({ status, pausedInstances }: TokenAnswersProps) {
  const t = useTranslations("security.answers");
  return (
    <CardBody className="grid gap-2 border-line border-t">
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
