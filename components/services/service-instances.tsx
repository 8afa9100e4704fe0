"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { DeletionDialog, nameTag } from "@/components/shell/deletion-dialog";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead, CardRow } from "@/components/ui/card";
import { ButtonLink, TextLink } from "@/components/ui/link";
import { Effects, WrapText } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { removeServiceAction } from "@/lib/actions/services";
import type { ServiceDetail } from "@/lib/domain/service-view";

/** The newest instances of a service, each with what its callers name it by. */
export function ServiceInstances({
  service,
  mayCreate,
}: {
  readonly service: ServiceDetail;
  readonly mayCreate: boolean;
}) {
  const t = useTranslations("services.instances");
  const id = useId();
  const { newest, instances } = service;
  return (
    <Card aria-labelledby={id}>
      <CardHead
        id={id}
        title={t("title")}
        description={t("count", { count: instances })}
        aside={
          mayCreate && (
            <ButtonLink href={`/instances/import?service=${service.id}`} size="sm">
              {t("import")}
            </ButtonLink>
          )
        }
      />
      {newest.length > 0 && (
        <div className="border-line border-t">
          {newest.map(({ id: instanceId, name, label, hosts }) => (
            <CardRow
              key={instanceId}
              title={
                <Link href={`/instances/${instanceId}`} className="underline-offset-4 hover:underline">
                  {name}
                </Link>
              }
              text={
                <WrapText>
                  {label === null && hosts.length === 0
                    ? t("byCredential")
                    : t("called", { names: [label ?? "", ...hosts].filter(Boolean).join(", ") })}
                </WrapText>
              }
            />
          ))}
        </div>
      )}
      {newest.length < instances && (
        <CardBody>
          {t.rich("more", {
            count: instances - newest.length,
            link: (chunks) => <TextLink href="/instances">{chunks}</TextLink>,
          })}
        </CardBody>
      )}
    </Card>
  );
}

/** Deletes a service that nothing is called through, once its name has been typed. */
export function RemoveService({ service }: { readonly service: ServiceDetail }) {
  const t = useTranslations("services.remove");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { name, instances } = service;

  function goToList(leave: (go: () => void) => void) {
    toast.success(t("done", { name }));
    leave(() => {
      router.replace("/services");
      router.refresh();
    });
  }

  return (
    <Card aria-labelledby={id}>
      <CardHead id={id} title={t("title")} />
      <CardBody className="-mt-3 flex flex-col gap-3 pt-0 sm:flex-row sm:items-center sm:justify-between sm:gap-6 md:pt-0">
        <p className="text-pretty text-muted">
          {instances > 0 ? t("inUse", { count: instances }) : t("text")}
        </p>
        {instances === 0 && (
          <div className="grid shrink-0">
            <Button onClick={() => setOpen(true)}>{t("open")}</Button>
          </div>
        )}
      </CardBody>
      {open && (
        <DeletionDialog
          title={t("dialogTitle", { name })}
          description={t("dialogDescription")}
          label={t.rich("confirm", { value: name, name: nameTag })}
          cancel={t("cancel")}
          submit={t("submit")}
          remove={(confirmName) => removeServiceAction({ serviceId: service.id, confirmName })}
          onDone={goToList}
          onClose={() => setOpen(false)}
        >
          <Effects>
            <li>{t("effectHosts")}</li>
            <li>{t("effectData")}</li>
          </Effects>
        </DeletionDialog>
      )}
    </Card>
  );
}
