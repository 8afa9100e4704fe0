import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { AuditEntry } from "@/lib/domain/audit-event";
import type { OverviewView } from "@/lib/domain/overview";
import type { NextStep, SecurityTokenView } from "@/lib/domain/security-token";
import { EventIcon, EventSentence } from "../activity/event-table";
import { Card, CardFoot, CardHead } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { ButtonLink, TextLink } from "../ui/link";
import { RelativeTime } from "../ui/relative-time";
import { StatusPill, type Tone } from "../ui/status";
import { type Step, Steps } from "../ui/steps";

interface ViewProps {
  readonly view: OverviewView;
}

/** The state of the account in one or two sentences of plain truth. */
export function StateSentence({ view: { token, pausedInstances } }: ViewProps) {
  const t = useTranslations("overview");
  const numbers = { total: token.totalInstances, enforced: token.enforcedInstances };
  const empty = token.status === "none" && token.totalInstances === 0;
  const sentence = t(empty ? "lede.empty" : `lede.${token.status}`, numbers);
  return pausedInstances > 0 ? `${sentence} ${t("paused", { count: pausedInstances })}` : sentence;
}

const tones: Readonly<Record<SecurityTokenView["status"], Tone>> = {
  none: "idle",
  disabled: "warn",
  staged: "good",
  grace: "good",
  active: "good",
};

const hrefs: Readonly<Record<NextStep, string>> = {
  create_instance: "/instances",
  configure_token: "/security",
  activate_token: "/security",
  none: "/security",
};

/** How far the account has come, and the one obvious next step. */
export function ProtectionCard({ view }: ViewProps) {
  const t = useTranslations("overview");
  const { token, nextStep, armed } = view;
  const next = armed && nextStep === "activate_token" ? "armed" : nextStep;
  const numbers = { total: token.totalInstances, enforced: token.enforcedInstances };
  return (
    <Card aria-labelledby="protection">
      <CardHead
        id="protection"
        title={t("protection.title")}
        description={t("protection.description")}
        aside={<StatusPill tone={tones[token.status]}>{t(`status.${token.status}`, numbers)}</StatusPill>}
      />
      <ProtectionSteps view={view} />
      <CardFoot note={t(`next.${next}.note`)} className="border-t-0">
        <ButtonLink href={hrefs[nextStep]} variant={next === "none" ? "secondary" : "primary"}>
          {t(`next.${next}.action`)}
        </ButtonLink>
      </CardFoot>
    </Card>
  );
}

function ProtectionSteps({ view: { token, nextStep } }: ViewProps) {
  const t = useTranslations("overview.steps");
  const numbers = { total: token.totalInstances, enforced: token.enforcedInstances };
  const created = token.createdAt;
  const state = (done: boolean, step: NextStep): Step["state"] =>
    done ? "done" : nextStep === step ? "now" : "later";
  const items: readonly Step[] = [
    {
      id: "instance",
      title: t("instance.title"),
      text: token.totalInstances > 0 ? t("instance.done", numbers) : t("instance.later"),
      state: state(token.totalInstances > 0, "create_instance"),
    },
    {
      id: "token",
      title: t("token.title"),
      text: created
        ? t.rich("token.done", {
            when: () => <DateTime date={created} precision="date" />,
            code: (chunks: ReactNode) => <code>{chunks}</code>,
            lastFour: token.lastFour ?? "",
          })
        : t("token.later"),
      state: state(created !== null, "configure_token"),
    },
    {
      id: "activate",
      title: t("activate.title"),
      text: t(`activate.${textOf(token.status)}`, numbers),
      state: state(token.status === "active", "activate_token"),
    },
  ];
  return <Steps items={items} label={t("label")} doneLabel={t("done")} />;
}

function textOf(status: SecurityTokenView["status"]): "later" | "staged" | "grace" | "done" {
  if (status === "active") return "done";
  return status === "staged" || status === "grace" ? status : "later";
}

/** The newest events in short. */
export function RecentEvents({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const t = useTranslations("overview.recent");
  return (
    <Card aria-labelledby="recent">
      <CardHead id="recent" title={t("title")} aside={<TextLink href="/activity">{t("all")}</TextLink>} />
      <ul className="border-line border-t">
        {entries.map((entry) => (
          <li
            key={entry.seq}
            className="flex items-center gap-3 border-line px-4 py-3 not-last:border-b md:px-6"
          >
            <EventIcon about={entry.targetType} />
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
              <p className="min-w-0 text-pretty">
                <EventSentence entry={entry} />
              </p>
              <p className="text-muted text-xs">
                <RelativeTime date={entry.at} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
