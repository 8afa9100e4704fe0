"use client";

import { Hourglass, Timer } from "lucide-react";
import { useFormatter, useNow, useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { CallerRhythm } from "@/components/preflight/rhythm-words";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import { toast } from "@/components/ui/toaster";
import { disarmTokenAction } from "@/lib/actions/security-token";
import type { ArmedInstance, ArmedView } from "@/lib/domain/armed";
import type { SecurityPageView } from "@/lib/domain/security-page";
import type { TokenChanges } from "./token-changes";

const hour = 3600;
const day = 24 * hour;

/** "10 minutes", "1 hour", "7 days". */
export function useDuration(): (seconds: number) => string {
  const t = useTranslations("security.armed.duration");
  return (seconds) => {
    if (seconds >= day) return t("days", { count: Math.floor(seconds / day) });
    if (seconds >= hour) return t("hours", { count: Math.floor(seconds / hour) });
    return t("minutes", { count: Math.floor(seconds / 60) });
  };
}

interface ArmedCardProps {
  readonly armed: ArmedView;
  /** null: this person may look but not change. */
  readonly changes: TokenChanges | null;
  readonly show: (change: (page: SecurityPageView) => SecurityPageView) => void;
}

/** While the token is armed: which instances wait for whom, which are about to be enforced, and how to end it. */
export function ArmedCard({ armed, changes, show }: ArmedCardProps) {
  const t = useTranslations("security.armed");
  const duration = useDuration();
  const { pending, failure, submit } = useSubmission();
  const { since, by, askAt, asked, instances, more } = armed;
  const waiting = instances.reduce((sum, { waitingFor }) => sum + waitingFor, 0);

  function cancel() {
    void submit(disarmTokenAction, (result) => {
      if (!result.ok) return;
      show((page) => ({ ...page, token: result.data, armed: null }));
      toast.success(t("cancelled"));
    });
  }

  return (
    <CardBody>
      <section aria-labelledby="armed" className="grid gap-3 rounded-md border border-line px-4 py-3">
        <div className="grid gap-1">
          <h3 id="armed" className="flex items-center gap-2 font-semibold">
            <Timer aria-hidden className="size-4 shrink-0 text-muted" />
            {t("title")}
          </h3>
          <p className="text-pretty text-muted">
            {t.rich("by", {
              by,
              hold: duration(armed.holdSeconds),
              when: () => <RelativeTime date={since} />,
              b: (chunks) => <span className="wrap-anywhere">{chunks}</span>,
            })}{" "}
            {askAt && t.rich("askAt", { when: () => <DateTime date={askAt} precision="day" /> })}
          </p>
        </div>
        {asked && (
          <Notice tone="warn" title={t("ask.title")}>
            {t("ask.text", { waiting })}
          </Notice>
        )}
        <FailureNotice failure={failure} />
        {instances.length === 0 ? (
          <p>{t("none")}</p>
        ) : (
          <ul aria-label={t("list")} className="grid max-h-96 gap-2 overflow-y-auto">
            {instances.map((instance) => (
              <ArmedRow key={instance.id} instance={instance} />
            ))}
            {more > 0 && <li className="text-muted">{t("more", { more })}</li>}
          </ul>
        )}
        {changes && (
          <div className="flex flex-wrap gap-2">
            <Button variant={asked ? "primary" : "secondary"} onClick={() => changes.press("arm")}>
              {asked ? t("ask.goOn") : t("change")}
            </Button>
            {asked && <Button onClick={() => changes.press("activate")}>{t("ask.activate")}</Button>}
            <Button variant="quiet" pending={pending} onClick={cancel} aria-label={t("cancelLabel")}>
              {t("cancel")}
            </Button>
          </div>
        )}
      </section>
    </CardBody>
  );
}

/** "Night orders: waiting for 1 of 4: python-requests", or "Delivery bot: ready for 3 minutes, enforced in 7 minutes". */
function ArmedRow({ instance }: { readonly instance: ArmedInstance }) {
  const t = useTranslations("security.armed");
  const format = useFormatter();
  const title = useCallerTitle();
  const { name, next, callers, waitingFor, newCallers, newest } = instance;
  return (
    <li className="grid gap-0.5">
      <span className="text-pretty">
        <span className="font-semibold wrap-anywhere">{name}</span>{" "}
        {next ? (
          <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
            <Hourglass aria-hidden className="size-3 shrink-0 self-center text-muted" />
            {t("waiting", { waiting: waitingFor, callers, who: title(next) })}
            <CallerRhythm caller={next} className="text-muted text-xs" />
          </span>
        ) : (
          <ReadyWords instance={instance} />
        )}
      </span>
      {newCallers > 0 && (
        <span className="text-pretty text-warn text-xs wrap-anywhere">
          {t("new", { count: newCallers, names: format.list(newest.map(title), { type: "unit" }) })}
        </span>
      )}
    </li>
  );
}

/** How long an instance has been ready, and when it is enforced; ticking. */
function ReadyWords({ instance }: { readonly instance: ArmedInstance }) {
  const t = useTranslations("security.armed");
  const format = useFormatter();
  const duration = useDuration();
  const now = useNow({ updateInterval: 1000 });
  const { callers, readySince, enforcedAt } = instance;
  const seconds = Math.max(0, (now.getTime() - (readySince ?? now).getTime()) / 1000);
  const coming = enforcedAt !== null && enforcedAt > now;
  return (
    <span className="text-good">
      {t("ready", {
        callers,
        since: duration(seconds),
        until: coming ? format.relativeTime(enforcedAt, now) : t("soon"),
      })}
    </span>
  );
}
