import { ArrowLeftRight } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTimeZone, getTranslations } from "next-intl/server";
import { cache } from "react";
import { EndpointRules } from "@/components/endpoint-rules/endpoint-module";
import { CallCard } from "@/components/instances/call-samples";
import { PauseInstance, RemoveInstance, RenameInstance } from "@/components/instances/change-instance";
import { ConnectionCard } from "@/components/instances/connection";
import { InstanceHeader } from "@/components/instances/instance-header";
import { InstanceSecretProvider } from "@/components/instances/instance-secret";
import { UpstreamForm, UpstreamSummary } from "@/components/instances/upstream-form";
import { NamingCard } from "@/components/services/naming-card";
import { ClientMessages } from "@/components/shell/client-messages";
import { MessagePage } from "@/components/shell/plain-page";
import { TrafficCard } from "@/components/traffic/traffic-card";
import { SubmitButton } from "@/components/ui/submit-button";
import { enterAccountAction } from "@/lib/actions/accounts";
import { requireActor } from "@/lib/auth/current-actor";
import { readLive } from "@/lib/auth/json-route";
import { gateBaseUrl } from "@/lib/auth/urls";
import { config } from "@/lib/config";
import { protectionOf } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { InstanceDetail } from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import { can } from "@/lib/domain/permissions";
import { type Preset, presets } from "@/lib/domain/preset";
import { readEndpointRules } from "@/lib/services/endpoint-rules/read";
import { findInstanceElsewhere, readInstance } from "@/lib/services/instances/read";
import { readSecurityToken } from "@/lib/services/security-token/token";
import { readTraffic } from "@/lib/services/traffic/traffic";

interface Props {
  readonly params: Promise<{ instanceId: string }>;
  readonly searchParams: Promise<{ traffic?: string | string[] }>;
}

/** The instance of a page, or the account of the reader's own that it is in. */
type Loaded = { readonly instance: InstanceDetail } | { readonly elsewhere: OwnAccount };

/**
 * What this page is about, read once a request. An unknown id and one of an account that the reader is not a
 * member of look the same: 404.
 */
const loadInstance = cache(async (instanceId: string): Promise<Loaded> => {
  const actor = await requireActor();
  try {
    return { instance: await readInstance(actor, { instanceId }) };
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "not_found")) throw error;
    const elsewhere = await findInstanceElsewhere(actor, { instanceId });
    return elsewhere ? { elsewhere } : notFound();
  }
});

/** An instance can be removed while its page is drawn. */
function notFoundIfGone(error: unknown): never {
  if (error instanceof Refusal && error.code === "not_found") notFound();
  throw error;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadInstance((await params).instanceId);
  if ("instance" in loaded) return { title: loaded.instance.name };
  return { title: (await getTranslations("common.accounts.elsewhere"))("title") };
}

export default async function InstancePage({ params, searchParams }: Props) {
  const actor = await requireActor();
  const { instanceId } = await params;
  const { traffic: range } = await searchParams;
  const loaded = await loadInstance(instanceId);
  if ("elsewhere" in loaded)
    return <Elsewhere account={loaded.elsewhere} path={`/instances/${instanceId}`} />;
  const { instance } = loaded;
  const [token, origin, traffic, endpoints] = await Promise.all([
    readSecurityToken(actor),
    gateBaseUrl(),
    readTraffic(actor, { instanceId, range, timeZone: await getTimeZone() }).catch(notFoundIfGone),
    readLive(readEndpointRules, actor, { instanceId }).catch(notFoundIfGone),
  ]);
  const { id, calledId, name, paused, upstreamUrl, service } = instance;
  const protection = protectionOf(token.status, instance.enforced);
  const mayChange = can(actor.role, "instance.change");
  const preset: Preset | undefined = service ? presets[service.preset as keyof typeof presets] : undefined;
  const naming = (
    <NamingCard
      instance={instance}
      example={preset && service && service.routes.length > 0 ? preset.test.path : null}
      origin={origin}
      ownHost={new URL(origin).hostname}
      mayChange={mayChange}
    />
  );
  return (
    <ClientMessages of={["answers", "consequence", "endpoints", "instances", "preflight", "services"]}>
      <InstanceHeader instance={instance} token={token} />
      <div className="grid grid-cols-1 gap-5">
        <TrafficCard traffic={traffic} path={`/instances/${id}`} hasToken={token.tokenId !== null} />
        <InstanceSecretProvider
          origin={origin}
          instanceId={id}
          calledId={calledId}
          mayReveal={can(actor.role, "instance.reveal")}
        >
          {service !== null && naming}
          <ConnectionCard instanceId={id} calledId={calledId} name={name} mayRegenerate={mayChange} />
          <CallCard name={name} echo={upstreamUrl === null} protection={protection} />
          {service === null && naming}
        </InstanceSecretProvider>
        <EndpointRules initial={endpoints} />
        {mayChange ? (
          <>
            <UpstreamForm instance={instance} defaultFirstByteSeconds={config().headersTimeoutMs / 1000} />
            <RenameInstance instanceId={id} name={name} />
            <PauseInstance instanceId={id} name={name} paused={paused} />
          </>
        ) : (
          <UpstreamSummary instance={instance} />
        )}
        {can(actor.role, "instance.delete") && <RemoveInstance instanceId={id} name={name} />}
      </div>
    </ClientMessages>
  );
}

/** For a link to something in another account of the reader's own: one click leads there. */
async function Elsewhere({ account, path }: { readonly account: OwnAccount; readonly path: string }) {
  const t = await getTranslations("common.accounts.elsewhere");
  return (
    <MessagePage icon={ArrowLeftRight} title={t("title")} text={t("text", { account: account.name })}>
      <form action={enterAccountAction}>
        <input type="hidden" name="accountId" value={account.id} />
        <input type="hidden" name="path" value={path} />
        <SubmitButton>
          <span className="wrap-anywhere">{t("action", { account: account.name })}</span>
        </SubmitButton>
      </form>
    </MessagePage>
  );
}
