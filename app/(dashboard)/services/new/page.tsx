import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ChoosePreset, SetUpSteps } from "@/components/services/choose-preset";
import { SetUpForm } from "@/components/services/set-up-form";
import { ClientMessages } from "@/components/shell/client-messages";
import { PageHeader } from "@/components/ui/card";
import { Notice } from "@/components/ui/status";
import { requireActor } from "@/lib/auth/current-actor";
import { gateBaseUrl } from "@/lib/auth/urls";
import { config } from "@/lib/config";
import { can } from "@/lib/domain/permissions";
import { type Preset, type PresetId, presets } from "@/lib/domain/preset";
import { namingNeeds, sharedKeyHeader } from "@/lib/domain/service-view";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("services.setUp"))("title") };
}

interface Props {
  readonly searchParams: Promise<{ preset?: string | string[] }>;
}

const choices = Object.entries<Preset>(presets).map(([id, { name, routes, test }]) => ({
  id,
  name,
  example: routes.length === 0 ? null : test.path,
}));

function factsOf(id: PresetId) {
  const preset: Preset = presets[id];
  const { name, port = null, upstream = null, routes } = preset;
  return { id, name, port, upstream, keyHeader: sharedKeyHeader(preset), needs: namingNeeds(routes) };
}

const isPreset = (id: unknown): id is PresetId => typeof id === "string" && Object.hasOwn(presets, id);

export default async function NewServicePage({ searchParams }: Props) {
  const actor = await requireActor();
  if (!can(actor.role, "instance.create")) redirect("/services");
  const t = await getTranslations("services.setUp");
  const { preset } = await searchParams;
  const { gate, url } = config();
  const chosen = isPreset(preset) ? factsOf(preset) : null;
  return (
    <>
      <PageHeader
        title={
          chosen === null
            ? t("title")
            : t("titleOf", { name: chosen.id === "any" ? t("anyName") : chosen.name })
        }
        lede={chosen === null ? t("lede") : t("ledeOf")}
      />
      <SetUpSteps now={chosen === null ? "choose" : "describe"} />
      {gate.domain === null && url === undefined && (
        <Notice tone="warn" title={t("closed.title")} className="mb-5">
          {t("closed.text")}
        </Notice>
      )}
      {chosen === null ? (
        <ChoosePreset presets={choices} />
      ) : (
        <ClientMessages of={["services"]}>
          <SetUpForm preset={chosen} domain={gate.domain} ownHost={new URL(await gateBaseUrl()).hostname} />
        </ClientMessages>
      )}
    </>
  );
}
