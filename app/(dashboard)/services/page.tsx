import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { presetTitle } from "@/components/services/choose-preset";
import { NewService, ServiceList } from "@/components/services/service-list";
import { PageHeader } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { presets } from "@/lib/domain/preset";
import { listServices } from "@/lib/services/services/read";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("services"))("title") };
}

export default async function ServicesPage() {
  const actor = await requireActor();
  const [t, titles, services] = await Promise.all([
    getTranslations("services"),
    getTranslations("services.presets"),
    listServices(actor),
  ]);
  const named = Object.entries(presets).map(([id, preset]) => [id, presetTitle(titles, id, preset)] as const);
  const mayCreate = can(actor.role, "instance.create");
  const instances = services.reduce((sum, service) => sum + service.instances, 0);
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={
          services.length === 0
            ? t("list.ledeNone")
            : t("list.lede", { services: services.length, instances })
        }
        actions={services.length > 0 && mayCreate && <NewService />}
      />
      <ServiceList services={services} presetNames={Object.fromEntries(named)} mayCreate={mayCreate} />
    </>
  );
}
