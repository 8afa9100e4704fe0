"use client";

import { useTranslations } from "next-intl";
import { AddressModule } from "@/components/address-restriction/address-module";
import { LiveDot, useLive } from "@/components/live/use-live";
import { Preflight } from "@/components/preflight/preflight";
import { AfterActivation } from "@/components/rejected/after-activation";
import { RejectedSentence } from "@/components/rejected/rejected-links";
import { Card, CardBody, PageHeader } from "@/components/ui/card";
import type { Reading } from "@/lib/domain/live";
import { type SecurityPageView, securityPageChangesAt } from "@/lib/domain/security-page";
import { ArmedCard } from "./armed";
import { EnforcementModule } from "./enforcement-module";
import { GateConfirmation } from "./gate-confirmation";
import { RotationState } from "./rotation-state";
import { type SecurityPlace, securityQuery } from "./security-place";
import { useTokenChanges } from "./token-changes";
import { TokenAnswers, TokenInstructions } from "./token-instructions";
import { rotationChanges, TokenButtons, TokenModule } from "./token-module";

interface SecurityPageProps {
  readonly initial: Reading<SecurityPageView>;
  /** What the page is narrowed to. */
  readonly place: SecurityPlace;
  readonly accountName: string;
  /** Where instances are called. */
  readonly origin: string;
}

/** The Security page, kept as things are: every part of it shows the same reading. */
export function SecurityPage({ initial, place, accountName, origin }: SecurityPageProps) {
  const t = useTranslations("security");
  const path = `/api/security${securityQuery(place)}`;
  const { data: page, live, show, refresh } = useLive(path, initial, securityPageChangesAt);
  const changes = useTokenChanges({ page, show, refresh, accountName });
  const { token, preflight, watch, may } = page;
  const { status, enforcedInstances: enforced, totalInstances: total } = token;
  const stopped = watch !== null && watch.callers.length > 0;
  const dot = <LiveDot live={live} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={
          <>
            {t(`lede.${status}`, { enforced, total })}{" "}
            <RejectedSentence rejected={page.rejected} status={status} />
          </>
        }
      />
      <TokenModule
        token={token}
        changes={may.changeToken ? changes : null}
        armed={page.armed !== null}
        deactivateAbove={stopped}
      >
        {status === "none" ? (
          <TokenWhy />
        ) : (
          <>
            <GateConfirmation confirmation={page.confirmation} />
            {watch && (
              <AfterActivation
                watch={watch}
                deactivate={
                  may.changeToken && stopped && <TokenButtons {...{ token, changes }} only={["deactivate"]} />
                }
              />
            )}
            <RotationState
              token={token}
              progress={preflight?.rotation ?? null}
              buttons={may.changeToken && <TokenButtons {...{ token, changes }} only={rotationChanges} />}
            />
            {page.armed && (
              <ArmedCard armed={page.armed} changes={may.changeToken ? changes : null} show={show} />
            )}
            {preflight && (
              <Preflight
                view={preflight}
                status={status}
                place={place}
                live={dot}
                mayChange={may.changeCallers}
              />
            )}
          </>
        )}
      </TokenModule>
      {status !== "none" && (
        <Card as="div" className="mt-6 divide-y divide-line">
          <TokenInstructions
            origin={origin}
            newest={page.newestInstances[0] ?? null}
            mayReveal={may.revealInstances}
            status={status}
          />
          <TokenAnswers status={status} pausedInstances={page.pausedInstances} />
        </Card>
      )}
      {preflight && <EnforcementModule {...{ page, place, accountName, show }} />}
      <AddressModule
        view={page.addresses}
        accountName={accountName}
        live={preflight === null && dot}
        mayChange={may.changeAddresses}
      />
    </>
  );
}

/** Before there is a token: why to have one, and what having one does. */
function TokenWhy() {
  const t = useTranslations("security.why");
  return (
    <CardBody className="grid max-w-180 gap-2">
      <h3 className="font-semibold">{t("title")}</h3>
      <p className="text-pretty">{t("leak")}</p>
      <p className="text-pretty">{t("second")}</p>
      <p className="text-pretty">{t("safe")}</p>
    </CardBody>
  );
}
