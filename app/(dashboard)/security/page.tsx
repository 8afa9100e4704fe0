import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AddressModule } from "@/components/address-restriction/address-module";
import { listQuery } from "@/components/instances/instance-list";
import { LiveUpdates } from "@/components/live/live-updates";
import { Preflight } from "@/components/preflight/preflight";
import { AfterActivation } from "@/components/rejected/after-activation";
import { DeactivateButton } from "@/components/rejected/deactivate-button";
import { RejectedSentence } from "@/components/rejected/rejected-sentence";
import { EnforcementModule } from "@/components/security/enforcement-module";
import { GateConfirmation } from "@/components/security/gate-confirmation";
import { RotationState } from "@/components/security/rotation-state";
import { securityPlace } from "@/components/security/security-place";
import { TokenAnswers } from "@/components/security/token-answers";
import { TokenInstructions } from "@/components/security/token-instructions";
import { TokenModule } from "@/components/security/token-module";
import { TokenWhy } from "@/components/security/token-why";
import { Card, PageHeader } from "@/components/ui/card";
import * as actions from "@/lib/actions/security-token";
import { requireActor } from "@/lib/auth/current-actor";
import { gateBaseUrl } from "@/lib/auth/urls";
import { can } from "@/lib/domain/permissions";
import { readAddressRestriction } from "@/lib/services/address-restriction/read";
import { readPreflight } from "@/lib/services/callers/preflight";
import { listInstances } from "@/lib/services/instances/read";
import { readOverview } from "@/lib/services/overview/read";
import { readConfirmation } from "@/lib/services/receipts/read-confirmation";
import { watchAfterActivation } from "@/lib/services/rejections/watch";
import { listEnforcement } from "@/lib/services/security-token/enforcement";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("security"))("title") };
}

const callerActions = {
  name: actions.nameCallerAction,
  dismiss: actions.dismissCallerAction,
  restore: actions.restoreCallerAction,
};

const tokenActions = {
  configure: actions.configureTokenAction,
  regenerate: actions.regenerateTokenAction,
  activate: actions.activateTokenAction,
  activateReady: actions.activateOnReadyAction,
  deactivate: actions.deactivateTokenAction,
  remove: actions.removeTokenAction,
  rotate: actions.rotateTokenAction,
  finish: actions.finishRotationAction,
};

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SecurityPage({ searchParams }: Props) {
  const actor = await requireActor();
  const query = await searchParams;
  const { search, page } = listQuery(query);
  const place = securityPlace(query);
  const [t, overview, list, enforcement, preflight, watch, addressView, confirmation, origin] =
    await Promise.all([
      getTranslations("security"),
      readOverview(actor),
      listInstances(actor),
      listEnforcement(actor, { search, page }),
      readPreflight(actor, { filter: place.callers, search: place.caller, shown: place.shown }),
      watchAfterActivation(actor),
      readAddressRestriction(actor),
      readConfirmation(actor),
      gateBaseUrl(),
    ]);
  const { token: view, pausedInstances } = overview;
  const names = list.items.map((instance) => instance.name);
  const stopped = watch !== null && watch.callers.length > 0;
  const mayChange = can(actor.role, "token.change");
  const lede = t(`lede.${view.status}`, { enforced: view.enforcedInstances, total: view.totalInstances });
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={
          <>
            {lede} <RejectedSentence rejected={overview.rejected} status={view.status} />
          </>
        }
      />
      <TokenModule
        view={view}
        names={names}
        forecast={preflight?.forecast ?? null}
        rotation={preflight?.rotation ?? null}
        accountName={actor.accountName}
        actions={mayChange ? tokenActions : null}
        deactivateAbove={stopped}
      >
        {view.status === "none" ? (
          <TokenWhy />
        ) : (
          <>
            <GateConfirmation confirmation={confirmation} />
            {watch && (
              <AfterActivation
                watch={watch}
                deactivate={
                  mayChange && (
                    <DeactivateButton
                      view={view}
                      names={names}
                      shown={stopped}
                      deactivate={actions.deactivateTokenAction}
                    />
                  )
                }
              />
            )}
            <RotationState view={view} progress={preflight?.rotation ?? null} />
            {preflight && (
              <Preflight
                view={preflight}
                status={view.status}
                place={place}
                actions={can(actor.role, "caller.change") ? callerActions : null}
              />
            )}
          </>
        )}
      </TokenModule>
      {view.status !== "none" && (
        <Card as="div" className="mt-6 divide-y divide-line">
          <TokenInstructions
            origin={origin}
            newest={list.items[0] ?? null}
            mayReveal={can(actor.role, "instance.reveal")}
            status={view.status}
          />
          <TokenAnswers status={view.status} pausedInstances={pausedInstances} />
        </Card>
      )}
      {preflight && (
        <EnforcementModule
          view={view}
          list={enforcement}
          readiness={preflight.readiness}
          search={search}
          place={place}
          change={mayChange ? actions.setInstanceEnforcementAction : null}
          forecast={actions.forecastInstanceAction}
          accountName={actor.accountName}
        />
      )}
      <AddressModule
        view={addressView}
        accountName={actor.accountName}
        live={preflight === null && <LiveUpdates />}
        mayChange={can(actor.role, "address.change")}
      />
    </>
  );
}
