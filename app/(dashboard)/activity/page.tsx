import { Activity } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ActivityTabs } from "@/components/activity/activity-tabs";
import { EventTable } from "@/components/activity/event-table";
import { ButtonLink } from "@/components/ui/button-link";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { requireActor } from "@/lib/auth/current-actor";
import { listAudit } from "@/lib/services/audit/list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("activity");
  return { title: t("title") };
}

interface ActivityPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

const single = (value: string | string[] | undefined) => (typeof value === "string" ? value : undefined);

export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  const actor = await requireActor();
  const { before, after } = await searchParams;
  const { entries, older, newer } = await listAudit(actor, { before: single(before), after: single(after) });
  const t = await getTranslations("activity");
  const from = entries.at(-1)?.seq;
  const to = entries[0]?.seq;
  return (
    <>
      <PageHeader title={t("title")} lede={t("lede", { account: actor.accountName })} />
      <ActivityTabs current="changes" />
      <Card as="div">
        {entries.length > 0 ? (
          <EventTable entries={entries} />
        ) : (
          <EmptyState
            icon={Activity}
            title={t("empty.title")}
            description={t("empty.text")}
            action={<ButtonLink href="/activity">{t("empty.action")}</ButtonLink>}
          />
        )}
      </Card>
      <Pagination
        label={t("pages")}
        previousHref={newer && `/activity?after=${newer}`}
        nextHref={older && `/activity?before=${older}`}
        previousLabel={t("newer")}
        nextLabel={t("older")}
        summary={from && to && t("range", { from, to })}
      />
    </>
  );
}
