import { Lock } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ImportPage } from "@/components/import/import-page";
import { ClientMessages } from "@/components/shell/client-messages";
import { MessagePage } from "@/components/shell/plain-page";
import { PageHeader } from "@/components/ui/card";
import { ButtonLink } from "@/components/ui/link";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { type Preset, type PresetId, presets } from "@/lib/domain/preset";
import { listServices } from "@/lib/services/services/read";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("imports"))("title") };
}

/** What the gateway of a preset is called, where it can say what it has. */
function listingGateway(id: string): string | null {
  const preset: Preset | undefined = Object.hasOwn(presets, id) ? presets[id as PresetId] : undefined;
  return preset?.list ? preset.name : null;
}

interface Props {
  readonly searchParams: Promise<{ service?: string | string[] }>;
}

export default async function Page({ searchParams }: Props) {
  const actor = await requireActor();
  const t = await getTranslations("imports");
  if (!can(actor.role, "instance.create")) {
    return (
      <MessagePage icon={Lock} title={t("title")} text={t("notAllowed")}>
        <ButtonLink href="/instances">{t("allInstances")}</ButtonLink>
      </MessagePage>
    );
  }
  const services = (await listServices(actor)).map(({ id, name, preset }) => ({
    id,
    name,
    lists: listingGateway(preset),
  }));
  const { service: asked } = await searchParams;
  const chosenId = services.find(({ id }) => id === asked)?.id ?? "";
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={t("lede")}
        actions={<ButtonLink href="/instances">{t("allInstances")}</ButtonLink>}
      />
      <ClientMessages of={["imports"]}>
        <ImportPage accountId={actor.accountId} services={services} chosenId={chosenId} />
      </ClientMessages>
    </>
  );
}
