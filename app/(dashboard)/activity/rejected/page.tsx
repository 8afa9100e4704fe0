import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { rejectedQuery } from "@/components/rejected/rejected-links";
import { RejectedPage } from "@/components/rejected/rejected-page";
import { ClientMessages } from "@/components/shell/client-messages";
import { requireActor } from "@/lib/auth/current-actor";
import { readLive } from "@/lib/auth/json-route";
import { readRejected } from "@/lib/services/traffic/rejected";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("rejected"))("title") };
}

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export default async function Page({ searchParams }: Props) {
  const actor = await requireActor();
  const query = { ...rejectedQuery(await searchParams), timeZone: await getTimeZone() };
  const t = await getTranslations("activity");
  return (
    <ClientMessages of={["consequence", "preflight", "rejected", "traffic"]}>
      <RejectedPage
        title={t("title")}
        path={`/api/rejected?${new URLSearchParams(query)}`}
        initial={await readLive(readRejected, actor, query)}
      />
    </ClientMessages>
  );
}
