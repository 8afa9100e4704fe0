import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProtectionCard } from "@/components/overview/protection-card";
import { RecentEvents } from "@/components/overview/recent-events";
import { stateSentence } from "@/components/overview/state-sentence";
import { RejectedSentence } from "@/components/rejected/rejected-sentence";
import { TrafficLine } from "@/components/traffic/traffic-line";
import { PageHeader } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/current-actor";
import { readOverview } from "@/lib/services/overview";
import { loadTraffic } from "../load-traffic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("overview");
  return { title: t("title") };
}

export default async function OverviewPage() {
  const actor = await requireActor();
  const [view, traffic, t] = await Promise.all([
    readOverview(actor),
    loadTraffic(actor),
    getTranslations("overview"),
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={
          <>
            {stateSentence(view, t)} <RejectedSentence rejected={view.rejected} status={view.token.status} />
          </>
        }
      />
      <div className="grid gap-5">
        <ProtectionCard view={view} />
        <TrafficLine traffic={traffic} />
        <RecentEvents entries={view.recent} />
      </div>
    </>
  );
}
