import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProtectionCard } from "@/components/overview/protection-card";
import { RecentEvents } from "@/components/overview/recent-events";
import { stateSentence } from "@/components/overview/state-sentence";
import { PageHeader } from "@/components/ui/page-header";
import { requireActor } from "@/lib/auth/current-actor";
import { readOverview } from "@/lib/services/overview/read";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("overview");
  return { title: t("title") };
}

export default async function OverviewPage() {
  const view = await readOverview(await requireActor());
  const t = await getTranslations("overview");
  return (
    <>
      <PageHeader title={t("title")} lede={stateSentence(view, t)} />
      <div className="grid gap-5">
        <ProtectionCard view={view} />
        <RecentEvents entries={view.recent} />
      </div>
    </>
  );
}
