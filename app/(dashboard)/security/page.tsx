import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RotationState } from "@/components/security/rotation-state";
import { TokenAnswers } from "@/components/security/token-answers";
import { TokenInstructions } from "@/components/security/token-instructions";
import { TokenModule } from "@/components/security/token-module";
import { TokenWhy } from "@/components/security/token-why";
import { PageHeader } from "@/components/ui/page-header";
import { requireActor } from "@/lib/auth/current-actor";
import { gateBaseUrl } from "@/lib/auth/public-urls";
import { can } from "@/lib/domain/permissions";
import { listInstances } from "@/lib/services/instances/list";
import { readOverview } from "@/lib/services/overview/read";
import { revealTokenAction } from "../instances/actions";
import * as actions from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("security"))("title") };
}

const tokenActions = {
  configure: actions.configureTokenAction,
  regenerate: actions.regenerateTokenAction,
  activate: actions.activateTokenAction,
  deactivate: actions.deactivateTokenAction,
  remove: actions.removeTokenAction,
  rotate: actions.rotateTokenAction,
  finish: actions.finishRotationAction,
};

export default async function SecurityPage() {
  const actor = await requireActor();
  const [t, overview, list, origin] = await Promise.all([
    getTranslations("security"),
    readOverview(actor),
    listInstances(actor),
    gateBaseUrl(),
  ]);
  const { token: view, pausedInstances } = overview;
  const demanded = view.status === "active" || view.status === "staged";
  const lede = t(`lede.${view.status}`, { enforced: view.enforcedInstances, total: view.totalInstances });
  const answers = <TokenAnswers demanded={demanded} pausedInstances={pausedInstances} />;
  return (
    <>
      <PageHeader title={t("title")} lede={lede} />
      <TokenModule
        view={view}
        names={list.items.map((instance) => instance.name)}
        actions={can(actor.role, "token.change") ? tokenActions : null}
      >
        {view.status === "none" ? (
          <TokenWhy />
        ) : (
          <>
            <RotationState view={view} />
            {demanded && answers}
            <TokenInstructions
              origin={origin}
              newest={list.items[0] ?? null}
              reveal={can(actor.role, "instance.reveal") ? revealTokenAction : null}
              demanded={demanded}
            />
            {!demanded && answers}
          </>
        )}
      </TokenModule>
    </>
  );
}
