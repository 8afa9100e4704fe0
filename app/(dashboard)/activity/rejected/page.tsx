import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { ActivityTabs } from "@/components/activity/activity-tabs";
import { LiveUpdates } from "@/components/live/live-updates";
import { RejectedChart } from "@/components/rejected/rejected-chart";
import { RejectedFilters } from "@/components/rejected/rejected-filters";
import { rejectedQuery } from "@/components/rejected/rejected-href";
import { RejectedList } from "@/components/rejected/rejected-list";
import { PageHeader } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/current-actor";
import { readRejected } from "@/lib/services/traffic/rejected";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("rejected"))("title") };
}

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export default async function RejectedPage({ searchParams }: Props) {
  const actor = await requireActor();
  const timeZone = await getTimeZone();
  const [view, t, activity] = await Promise.all([
    readRejected(actor, { ...rejectedQuery(await searchParams), timeZone }),
    getTranslations("rejected"),
    getTranslations("activity"),
  ]);
  const { range, rejected, reasons } = view.traffic;
  const { reason, caller, instance } = view.filter;
  const requests = reason === null ? rejected : reasons.find((each) => each.reason === reason)?.requests;
  const lede = reason === null && caller === "" && instance === "" ? "lede" : "ledeFound";
  return (
    <>
      <PageHeader title={activity("title")} lede={t(`${lede}.${range}`, { requests: requests ?? 0 })} />
      <ActivityTabs current="rejected">
        <LiveUpdates />
      </ActivityTabs>
      <RejectedChart view={view} />
      <RejectedFilters view={view} />
      <RejectedList view={view} />
    </>
  );
}
