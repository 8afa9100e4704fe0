import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AddressPage } from "@/components/address-restriction/address-module";
import { ClientMessages } from "@/components/shell/client-messages";
import { requireActor } from "@/lib/auth/current-actor";
import { readLive } from "@/lib/auth/json-route";
import { readAddressRestriction } from "@/lib/services/address-restriction/read";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("addresses"))("title") };
}

export default async function Page() {
  const actor = await requireActor();
  return (
    <ClientMessages of={["addresses", "consequence", "endpoints", "preflight", "security"]}>
      <AddressPage initial={await readLive(readAddressRestriction, actor)} accountName={actor.accountName} />
    </ClientMessages>
  );
}
