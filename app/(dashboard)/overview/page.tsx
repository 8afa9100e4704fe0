import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { ProtectionCard, RecentEvents, StateSentence } from "@/components/overview/overview";
import { TroubledCallersCard } from "@/components/overview/troubled-callers";
import { RejectedSentence } from "@/components/rejected/rejected-links";
import { TrafficCard } from "@/components/traffic/traffic-card";
import { PageHeader } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/current-actor";
import { readOverview } from "@/lib/services/overview";
import { readTraffic } from "@/lib/services/traffic/traffic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("overview");
  return { title: t("title") };
}

interface Props {
  readonly searchParams: Promise<{ traffic?: string | string[] }>;
}

export default async function OverviewPage({ searchParams }: Props) {
  const actor = await requireActor();
  const { traffic: range } = await searchParams;
  const [view, traffic, t] = await Promise.all([
    readOverview(actor),
    readTraffic(actor, { range, timeZone: await getTimeZone() }),
    getTranslations("overview"),
  ]);
  const { token, troubled } = view;
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={
          <>
            <StateSentence view={view} /> <RejectedSentence rejected={view.rejected} status={token.status} />
          </>
        }
      />
      <div className="grid grid-cols-1 gap-5">
        <ProtectionCard view={view} />
        {troubled && <TroubledCallersCard troubled={troubled} />}
        {token.totalInstances > 0 && (
          <TrafficCard traffic={traffic} path="/overview" hasToken={token.tokenId !== null} />
        )}
        <RecentEvents entries={view.recent} />
      </div>
    </>
  );
}
