import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NewService, ServiceList } from "@/components/services/service-list";
import { PageHeader } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { presets } from "@/lib/domain/preset";
import { listServices } from "@/lib/services/services/read";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("services"))("title") };
}

const presetNames = Object.fromEntries(Object.entries(presets).map(([id, { name }]) => [id, name]));

export default async function ServicesPage() {
  const actor = await requireActor();
  const [t, services] = await Promise.all([getTranslations("services"), listServices(actor)]);
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
      <ServiceList services={services} presetNames={presetNames} mayCreate={mayCreate} />
    </>
  );
}
