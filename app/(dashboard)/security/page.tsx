import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SecurityPage } from "@/components/security/security-page";
import { securityPlace } from "@/components/security/security-place";
import { ClientMessages } from "@/components/shell/client-messages";
import { requireActor } from "@/lib/auth/current-actor";
import { readLive } from "@/lib/auth/json-route";
import { gateBaseUrl } from "@/lib/auth/urls";
import { readSecurityPage } from "@/lib/services/security-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("security"))("title") };
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ searchParams }: Props) {
  const actor = await requireActor();
  const place = securityPlace(await searchParams);
  return (
    <ClientMessages of={["consequence", "endpoints", "instances", "preflight", "rejected", "security"]}>
      <SecurityPage
        initial={await readLive(readSecurityPage, actor, place)}
        place={place}
        accountName={actor.accountName}
        origin={await gateBaseUrl()}
      />
    </ClientMessages>
  );
}
