"use client";

import { useTranslations } from "next-intl";
import { useLive } from "@/components/live/use-live";
import { Preflight } from "@/components/preflight/preflight";
import { AfterActivation } from "@/components/rejected/after-activation";
import { RejectedSentence } from "@/components/rejected/rejected-links";
import { CardBody } from "@/components/ui/card";
import type { Reading } from "@/lib/domain/live";
import { type SecurityPageView, securityPageChangesAt } from "@/lib/domain/security-page";
import { ArmedCard } from "./armed-card";
import { EnforcementModule, EnforcementTitle } from "./enforcement-module";
import { GatesConfirm, GateTroubles } from "./gate-confirmation";
import { GraceCard } from "./grace-card";
import { RotationState } from "./rotation-state";
import { SecurityHeader } from "./security-header";
import { type SecurityPlace, securityQuery } from "./security-place";
import { useTokenChanges } from "./token-changes";
import { TokenInstructions } from "./token-instructions";
import { rotationChanges, TokenButtons, TokenModule } from "./token-module";
import { InReach, Ways } from "./ways";

interface SecurityPageProps {
  readonly initial: Reading<SecurityPageView>;
  /** What the page is narrowed to. */
  readonly place: SecurityPlace;
  readonly accountName: string;
  /** Where instances are called. */
  readonly origin: string;
}

/**
 * The Security page, kept as things are: every part of it shows the same reading. How things are and the ways on come
 * first, then who calls.
 */
export function SecurityPage({ initial, place, accountName, origin }: SecurityPageProps) {
  const path = `/api/security${securityQuery(place)}`;
  const { data: page, live, show, refresh } = useLive(path, initial, securityPageChangesAt);
  const every = useTokenChanges({ page, show, refresh, accountName });
  const { token, preflight, watch, may } = page;
  const changes = may.changeToken ? every : null;
  const stopped = watch !== null && watch.callers.length > 0;
  const ways = <Ways page={page} changes={changes} without={stopped ? ["deactivate"] : []} />;
  return (
    <>
      <SecurityHeader current="token" live={live} lede={<Lede page={page} />} />
      <TokenModule
        token={token}
        changes={changes}
        armed={page.armed !== null}
        note={<GatesConfirm confirmation={page.confirmation} />}
      >
        <GateTroubles confirmation={page.confirmation} />
        {watch && (
          <AfterActivation
            watch={watch}
            deactivate={stopped && changes && <TokenButtons {...{ token, changes }} only={["deactivate"]} />}
          />
        )}
        <RotationState
          token={token}
          progress={preflight?.rotation ?? null}
          buttons={changes && <TokenButtons {...{ token, changes }} only={rotationChanges} />}
        />
        {page.grace && <GraceCard grace={page.grace} mayChange={may.changeToken} refresh={refresh} />}
        {page.armed && <ArmedCard armed={page.armed} changes={changes} show={show} />}
        <div className="grid divide-line max-lg:divide-y lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
          {!preflight && <TokenWhy />}
          <div className="grid bg-sunken lg:order-2">{ways}</div>
          {preflight && <EnforcementModule {...{ page, place, accountName, show }} />}
        </div>
        {preflight && <Preflight view={preflight} place={place} mayChange={may.changeCallers} />}
      </TokenModule>
      {token.status !== "none" && (
        <TokenInstructions
          origin={origin}
          newest={page.newestInstances[0] ?? null}
          mayReveal={may.revealInstances}
          status={token.status}
          pausedInstances={page.pausedInstances}
          open={preflight?.forecast.heard === false}
        />
      )}
      {changes && (
        <InReach page={page} changes={changes}>
          <Standing page={page} />
        </InReach>
      )}
    </>
  );
}

/** How things are, in a sentence of plain truth. */
function Lede({ page: { token, preflight, rejected } }: { readonly page: SecurityPageView }) {
  const t = useTranslations("security");
  const { status, enforcedInstances: enforced, totalInstances: total } = token;
  const {
    ready = 0,
    rejected: late = 0,
    wrong_token: wrong = 0,
    waiting = 0,
    overdue = 0,
  } = preflight?.counts ?? {};
  const hand = late + wrong;
  const callers = ready + hand + waiting + overdue;
  return (
    <>
      {t(`lede.${status}`, { enforced, total })}{" "}
      {status === "disabled" &&
        callers > 0 &&
        t("callers", { ready, callers, hand, waiting: waiting + overdue })}
      <RejectedSentence rejected={rejected} status={status} />
    </>
  );
}

/** The same in so few words that they stand beside a button on a phone. */
function Standing({ page }: { readonly page: SecurityPageView }) {
  const t = useTranslations("security");
  const { status } = page.token;
  if (status === "none") return t("foot.none");
  if (page.watch && page.watch.total > 0) return t("ways.stopped", { count: page.watch.total });
  return <EnforcementTitle page={page} />;
}

/** Before there is a token: why to have one, and what having one does. */
function TokenWhy() {
  const t = useTranslations("security.why");
  return (
    <CardBody className="grid content-start gap-2">
      <h3 className="font-semibold">{t("title")}</h3>
      <p className="text-pretty">{t("leak")}</p>
      <p className="text-pretty">{t("second")}</p>
      <p className="text-pretty">{t("safe")}</p>
    </CardBody>
  );
}
