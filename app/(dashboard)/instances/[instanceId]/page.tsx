import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { CallCard } from "@/components/instances/call-samples";
import { PauseInstance, RemoveInstance, RenameInstance } from "@/components/instances/change-instance";
import { Connection } from "@/components/instances/connection";
import { InstanceHeader } from "@/components/instances/instance-header";
import { InstanceSecretProvider } from "@/components/instances/instance-secret";
import { UpstreamForm, UpstreamSummary } from "@/components/instances/upstream-form";
import { TrafficCard } from "@/components/traffic/traffic-card";
import { requireActor } from "@/lib/auth/current-actor";
import { gateBaseUrl } from "@/lib/auth/public-urls";
import { config } from "@/lib/config";
import { can } from "@/lib/domain/permissions";
import { readSecurityToken } from "@/lib/services/security-token/token";
import { readTraffic } from "@/lib/services/traffic/traffic";
import { Elsewhere } from "./elsewhere";
import { loadInstance } from "./load-instance";

interface Props {
  readonly params: Promise<{ instanceId: string }>;
  readonly searchParams: Promise<{ traffic?: string | string[] }>;
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
  const [token, origin, traffic] = await Promise.all([
    readSecurityToken(actor),
    gateBaseUrl(),
    readTraffic(actor, { instanceId, range, timeZone: await getTimeZone() }),
  ]);
  const { id, name, paused, upstreamUrl } = instance;
  const mayChange = can(actor.role, "instance.change");
  return (
    <>
      <InstanceHeader instance={instance} token={token} />
      <div className="grid grid-cols-1 gap-5">
        <TrafficCard traffic={traffic} path={`/instances/${id}`} />
        <InstanceSecretProvider
          origin={origin}
          instanceId={id}
          mayReveal={can(actor.role, "instance.reveal")}
        >
          <Connection instanceId={id} name={name} mayRegenerate={mayChange} />
          <CallCard name={name} echo={upstreamUrl === null} tokenStatus={token.status} />
        </InstanceSecretProvider>
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
    </>
  );
}
