import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { ProtectionCard, RecentEvents, StateSentence } from "@/components/overview/overview";
import { RejectedSentence } from "@/components/rejected/rejected-links";
import { TrafficLine } from "@/components/traffic/traffic-card";
import { PageHeader } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/current-actor";
import { readOverview } from "@/lib/services/overview";
import { readTraffic } from "@/lib/services/traffic/traffic";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("overview");
  return { title: t("title") };
}

export default async function OverviewPage() {
  const actor = await requireActor();
  const [view, traffic, t] = await Promise.all([
    readOverview(actor),
    readTraffic(actor, { timeZone: await getTimeZone() }),
    getTranslations("overview"),
  ]);
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={
          <>
            <StateSentence view={view} />{" "}
            <RejectedSentence rejected={view.rejected} status={view.token.status} />
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
