import { CircleCheck, Hourglass, KeyRound, type LucideIcon, TriangleAlert, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { CallerWho } from "@/components/preflight/caller-words";
import { CallerRhythm } from "@/components/preflight/rhythm-words";
import { FixText } from "@/components/rejected/rejected-links";
import { preflightId, securityHref } from "@/components/security/security-place";
import type { Trouble, TroubledCaller, TroubledCallers } from "@/lib/domain/overview";
import { isTokenRejection } from "@/lib/domain/rejection";
import { Card, CardBody, CardHead } from "../ui/card";
import { TextLink } from "../ui/link";
import { RelativeTime } from "../ui/relative-time";
import { StatusPill, type Tone } from "../ui/status";

interface TroubledCallersCardProps {
  readonly troubled: TroubledCallers;
}

/** The callers that need a hand: who, what is wrong, and what to do; or that everybody is fine. */
export function TroubledCallersCard({
  troubled: { callers, total, ready, waiting },
}: TroubledCallersCardProps) {
  const t = useTranslations("overview.troubled");
  if (total === 0) {
    const heard = ready + waiting > 0;
    return (
      <Card aria-labelledby="troubled">
        <CardHead id="troubled" title={t("title")} />
        <CardBody className="flex gap-2.5 pt-0 md:pt-0">
          {heard && <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />}
          <div className="min-w-0 text-pretty">
            <p className="font-semibold">{t(heard ? "calm" : "unheard")}</p>
            <p className="text-muted">{heard ? t("calmText", { ready, waiting }) : t("unheardText")}</p>
          </div>
        </CardBody>
      </Card>
    );
  }
  return (
    <Card aria-labelledby="troubled">
      <CardHead
        id="troubled"
        title={t("title")}
        description={t("count", { total, more: total - callers.length })}
        aside={
          <TextLink href={securityHref({}, preflightId)} className="whitespace-nowrap">
            {t("all")}
          </TextLink>
        }
      />
      <ul aria-labelledby="troubled" className="border-line border-t">
        {callers.map((caller) => (
          <TroubledRow key={caller.id} caller={caller} />
        ))}
      </ul>
    </Card>
  );
}

const looks: Readonly<Record<Trouble, readonly [Tone, LucideIcon]>> = {
  stopped: ["bad", X],
  rejected: ["bad", X],
  wrong_token: ["bad", KeyRound],
  tokenless: ["warn", TriangleAlert],
  overdue: ["idle", Hourglass],
};

interface TroubledRowProps {
  readonly caller: TroubledCaller;
}

/** One of them. */
function TroubledRow({ caller }: TroubledRowProps) {
  const t = useTranslations("overview.troubled");
  const { trouble, instanceName, lastSeenAt } = caller;
  const [tone, icon] = looks[trouble];
  return (
    <li className="grid gap-x-6 gap-y-2 border-line px-4 py-3 not-last:border-b sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] md:px-6">
      <div className="min-w-0">
        <CallerWho caller={{ ...caller, userAgent: "" }} />
        <span className="block text-muted text-xs wrap-anywhere">{t("on", { instance: instanceName })}</span>
      </div>
      <div className="grid min-w-0 content-start justify-items-start gap-1">
        <span className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
          <StatusPill tone={tone} icon={icon}>
            {t(`trouble.${trouble}`)}
          </StatusPill>
          <span className="text-muted text-xs">
            {t.rich("called", { when: () => <RelativeTime date={lastSeenAt} /> })}
          </span>
        </span>
        <p className="text-pretty">
          <WhatToDo caller={caller} />
        </p>
      </div>
    </li>
  );
}

/** What is wrong with a caller and what to do about it. */
function WhatToDo({ caller }: TroubledRowProps) {
  const t = useTranslations("overview.troubled");
  const { trouble, stopped, lastToken, instanceId, agent, name, address } = caller;
  const reason = stopped?.reason ?? lastToken;
  const link = (
    <TextLink href={securityHref({ caller: address ?? name ?? agent }, preflightId)} prefetch={false}>
      {t("look")}
    </TextLink>
  );
  if (trouble === "overdue") {
    return (
      <>
        <CallerRhythm caller={caller} className="block text-muted" /> {t("overdue")} {link}
      </>
    );
  }
  if (stopped?.mixes || !isTokenRejection(reason)) {
    return (
      <>
        {t("mixes")} {link}
      </>
    );
  }
  return <FixText reason={reason} instanceId={instanceId} agent={agent} />;
}
