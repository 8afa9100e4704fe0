import { Activity } from "lucide-react";
import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { ActivityTabs } from "@/components/activity/activity-tabs";
import { activityHref, EventFilter, ExportLinks } from "@/components/activity/event-filter";
import { EventTable } from "@/components/activity/event-table";
import { ProofCard } from "@/components/activity/proof-card";
import { Card, EmptyState, PageHeader } from "@/components/ui/card";
import { ButtonLink } from "@/components/ui/link";
import { Pagination } from "@/components/ui/list";
import { requireActor } from "@/lib/auth/current-actor";
import { auditFilterIn, isNarrowed } from "@/lib/domain/audit-filter";
import { can } from "@/lib/domain/permissions";
import { publicAuditKey, verifyStoredChain } from "@/lib/services/audit/chain";
import { listAudit, listAuditActors } from "@/lib/services/audit/list";

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
  const params = await searchParams;
  const filter = auditFilterIn(params);
  const positions = { before: single(params.before), after: single(params.after) };
  const [{ entries, older, newer }, actors, check] = await Promise.all([
    listAudit(actor, { ...positions, filter, timeZone: await getTimeZone() }),
    listAuditActors(actor),
    params.check === "chain" ? verifyStoredChain(actor) : null,
  ]);
  const t = await getTranslations("activity");
  const from = entries.at(-1)?.seq;
  const to = entries[0]?.seq;
  const canExport = can(actor.role, "audit.export");
  const nothing = isNarrowed(filter)
    ? { title: t("empty.filteredTitle"), text: t("empty.filteredText"), action: t("filter.clear") }
    : { title: t("empty.title"), text: t("empty.text"), action: t("empty.action") };
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={t("lede", { account: actor.accountName })}
        actions={canExport && <ExportLinks filter={filter} />}
      />
      <ActivityTabs current="changes" />
      <EventFilter filter={filter} actors={actors} />
      <Card as="div">
        {entries.length > 0 ? (
          <EventTable entries={entries} />
        ) : (
          <EmptyState
            icon={Activity}
            title={nothing.title}
            description={nothing.text}
            action={<ButtonLink href="/activity">{nothing.action}</ButtonLink>}
          />
        )}
      </Card>
      <Pagination
        label={t("pages")}
        previousHref={newer && activityHref(filter, { after: newer })}
        nextHref={older && activityHref(filter, { before: older })}
        previousLabel={t("newer")}
        nextLabel={t("older")}
        summary={from && to && t("range", { from, to })}
      />
      <ProofCard filter={filter} publicKey={publicAuditKey()} canExport={canExport} check={check} />
    </>
  );
}
