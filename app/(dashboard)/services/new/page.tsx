import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ChoosePreset, presetTitle, SetUpSteps } from "@/components/services/choose-preset";
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

/** What a preset is called. */
type TitleOf = (id: string, preset: Preset) => string;

const choices = (titleOf: TitleOf) =>
  Object.entries<Preset>(presets).map(([id, preset]) => ({
    id,
    name: titleOf(id, preset),
    example: preset.routes.length === 0 ? null : preset.test.path,
  }));

function factsOf(id: PresetId, titleOf: TitleOf) {
  const preset: Preset = presets[id];
  const { port = null, upstream = null, routes } = preset;
  return {
    id,
    name: titleOf(id, preset),
    port,
    upstream,
    keyHeader: sharedKeyHeader(preset),
    needs: namingNeeds(routes),
  };
}

const isPreset = (id: unknown): id is PresetId => typeof id === "string" && Object.hasOwn(presets, id);

export default async function NewServicePage({ searchParams }: Props) {
  const actor = await requireActor();
  if (!can(actor.role, "instance.create")) redirect("/services");
  const t = await getTranslations("services.setUp");
  const titles = await getTranslations("services.presets");
  const titleOf: TitleOf = (id, preset) => presetTitle(titles, id, preset);
  const { preset } = await searchParams;
  const { gate, url } = config();
  const chosen = isPreset(preset) ? factsOf(preset, titleOf) : null;
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
        <ChoosePreset presets={choices(titleOf)} />
      ) : (
        <ClientMessages of={["services"]}>
          <SetUpForm preset={chosen} domain={gate.domain} ownHost={new URL(await gateBaseUrl()).hostname} />
        </ClientMessages>
      )}
    </>
  );
}
