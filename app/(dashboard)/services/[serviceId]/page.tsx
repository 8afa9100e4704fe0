import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { presetTitle, SetUpSteps } from "@/components/services/choose-preset";
import { ServiceForm, ServiceSummary } from "@/components/services/service-form";
import { RemoveService, ServiceInstances } from "@/components/services/service-instances";
import { TryService } from "@/components/services/try-service";
import { ClientMessages } from "@/components/shell/client-messages";
import { PageHeader } from "@/components/ui/card";
import { BackLink } from "@/components/ui/link";
import { WrapText } from "@/components/ui/text";
import { requireActor } from "@/lib/auth/current-actor";
import { gateBaseUrl } from "@/lib/auth/urls";
import { config } from "@/lib/config";
import { Refusal } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import { type Preset, presetOffer, presets } from "@/lib/domain/preset";
import { credentialHeaderOf } from "@/lib/domain/service-view";
import { readSecurityToken } from "@/lib/services/security-token/token";
import { readService } from "@/lib/services/services/read";

interface Props {
  readonly params: Promise<{ serviceId: string }>;
  readonly searchParams: Promise<{ new?: string | string[] }>;
}

/** What this page is about, read once a request. An unknown id and one of another account look the same: 404. */
const loadService = cache(async (serviceId: string) => {
  const actor = await requireActor();
  try {
    return await readService(actor, { serviceId });
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await loadService((await params).serviceId)).name };
}

export default async function ServicePage({ params, searchParams }: Props) {
  const actor = await requireActor();
  const [{ serviceId }, { new: isNew }] = await Promise.all([params, searchParams]);
  const service = await loadService(serviceId);
  const [t, titles, token, origin] = await Promise.all([
    getTranslations("services.page"),
    getTranslations("services.presets"),
    readSecurityToken(actor),
    gateBaseUrl(),
  ]);
  const preset: Preset = presets[service.preset as keyof typeof presets] ?? presets.any;
  const { upstreamUrl } = service;
  const mayChange = can(actor.role, "instance.upstream");
  const call = {
    ...preset.test,
    credentialHeader: credentialHeaderOf(service.routes),
    hasCredential: preset.test.path.includes("{token}"),
  };
  return (
    <ClientMessages of={["answers", "consequence", "endpoints", "instances", "preflight", "services"]}>
      <BackLink href="/services">{t("back")}</BackLink>
      <PageHeader
        title={<span className="wrap-anywhere">{service.name}</span>}
        lede={
          <WrapText>
            {upstreamUrl === null
              ? t("ledeEcho", { count: service.instances })
              : t("lede", {
                  preset: presetTitle(titles, service.preset, preset),
                  upstream: upstreamUrl,
                  count: service.instances,
                })}
          </WrapText>
        }
      />
      {isNew !== undefined && <SetUpSteps now="try" />}
      <div className="grid grid-cols-1 gap-5">
        <TryService
          service={service}
          instances={service.newest}
          call={call}
          origin={origin}
          mayTest={can(actor.role, "instance.change")}
          mayReveal={can(actor.role, "instance.reveal")}
          tokenMissing={token.status === "none"}
        />
        <ServiceInstances service={service} mayCreate={can(actor.role, "instance.create")} />
        {mayChange ? (
          <ServiceForm
            service={service}
            offer={presetOffer(service, preset)}
            defaultFirstByteSeconds={config().headersTimeoutMs / 1000}
            ownHost={new URL(origin).hostname}
          />
        ) : (
          <ServiceSummary service={service} />
        )}
        {can(actor.role, "instance.delete") && <RemoveService service={service} />}
      </div>
    </ClientMessages>
  );
}
