import { Upload } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ExportInstances } from "@/components/import/export-instances";
import { CreateInstance } from "@/components/instances/create-instance";
import { InstanceList, listQuery } from "@/components/instances/instance-list";
import { ClientMessages } from "@/components/shell/client-messages";
import { PageHeader } from "@/components/ui/card";
import { ButtonLink } from "@/components/ui/link";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { readInstanceList } from "@/lib/services/instances/read";
import { listServices } from "@/lib/services/services/read";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("instances"))("title") };
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function InstancesPage({ searchParams }: Props) {
  const actor = await requireActor();
  const { search, page } = listQuery(await searchParams);
  const [t, list] = await Promise.all([
    getTranslations("instances"),
    readInstanceList(actor, { search, page }),
  ]);
  const { status, enforcedInstances } = list.token;
  const state = {
    total: list.total,
    paused: list.pausedInstances,
    token: status,
    enforced: enforcedInstances,
  };
  const mayCreate = can(actor.role, "instance.create");
  const services = mayCreate ? await listServices(actor) : [];
  const create = mayCreate ? (
    <>
      <ButtonLink href="/instances/import">
        <Upload aria-hidden />
        {t("list.import")}
      </ButtonLink>
      <CreateInstance services={services.map(({ id, name }) => ({ id, name }))} />
    </>
  ) : null;
  return (
    <ClientMessages of={["imports", "instances"]}>
      <PageHeader
        title={t("title")}
        lede={
          list.total === 0 ? t("list.ledeNone") : t(list.total === 1 ? "list.ledeOne" : "list.lede", state)
        }
        actions={
          list.total > 0 && (
            <>
              <ExportInstances mayReveal={can(actor.role, "instance.reveal")} />
              {create}
            </>
          )
        }
      />
      <InstanceList list={list} search={search} create={create} />
    </ClientMessages>
  );
}
