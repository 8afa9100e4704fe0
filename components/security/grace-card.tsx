"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { Field, TextInput } from "@/components/ui/field";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice, StatusPill } from "@/components/ui/status";
import { toast } from "@/components/ui/toaster";
import { endGraceOfAction, setGraceEndAction } from "@/lib/actions/security-token";
import type { FieldError } from "@/lib/domain/errors";
import { type GraceView, graceDays, type KnownCallerView } from "@/lib/domain/grace";

interface GraceCardProps {
  readonly grace: GraceView;
  readonly mayChange: boolean;
  readonly refresh: () => Promise<unknown>;
}

/** While known callers only get in without the token: until when, who still does, and the ways to end it sooner. */
export function GraceCard({ grace, mayChange, refresh }: GraceCardProps) {
  const t = useTranslations("security.grace.card");
  const id = useId();
  const { until, callers, total, open } = grace;
  return (
    <CardBody className="grid gap-3" role="region" aria-labelledby={id}>
      <h3 id={id} className="font-semibold">
        {t("title")}
      </h3>
      <p className="text-pretty">{t.rich("until", { open, when: () => <DateTime date={until} /> })}</p>
      {total === 0 ? (
        <Notice tone="idle">{t("nobody")}</Notice>
      ) : (
        <ul aria-label={t("list")} className="divide-y divide-line rounded-md border border-line">
          {callers.map((caller) => (
            <KnownRow key={caller.id} {...{ caller, mayChange, refresh }} />
          ))}
          {total > callers.length && (
            <li className="px-3.5 py-2 text-muted">{t("more", { more: total - callers.length })}</li>
          )}
        </ul>
      )}
      {mayChange && <EndField refresh={refresh} />}
    </CardBody>
  );
}

interface KnownRowProps extends Omit<GraceCardProps, "grace"> {
  readonly caller: KnownCallerView;
}

/** One known caller: still let in without the token, or why no longer. */
function KnownRow({ caller, mayChange, refresh }: KnownRowProps) {
  const t = useTranslations("security.grace.card");
  const title = useCallerTitle();
  const { pending, failure, submit } = useSubmission();
  const { id, name, agent, address, instanceName, lastSeenAt, sendsToken, endedAt, endedBy } = caller;
  const shown = title({ name, agent, others: false });

  function end() {
    void submit(
      () => endGraceOfAction({ callerId: id }),
      async (result) => {
        await refresh();
        if (result.ok) toast.success(t("ended", { caller: shown }));
      },
    );
  }

  return (
    <li className="grid gap-2 px-3.5 py-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 wrap-anywhere">
          <span className="font-semibold">{shown}</span>{" "}
          <span className="font-mono text-muted text-xs">{address}</span>
          <span className="block text-muted text-xs">
            {lastSeenAt
              ? t.rich("on", { instance: instanceName, when: () => <RelativeTime date={lastSeenAt} /> })
              : instanceName}
          </span>
        </span>
        {endedAt ? (
          <StatusPill tone={endedBy === "token" ? "good" : "idle"}>
            {t(`endedBy.${endedBy ?? "hand"}`)}
          </StatusPill>
        ) : (
          <span className="flex items-center gap-3">
            <StatusPill tone={sendsToken ? "good" : "warn"}>{t(sendsToken ? "sends" : "open")}</StatusPill>
            {mayChange && (
              <Button size="sm" pending={pending} onClick={end} aria-label={t("endNow", { caller: shown })}>
                {t("end")}
              </Button>
            )}
          </span>
        )}
      </div>
      {failure && <FailureNotice failure={failure} />}
    </li>
  );
}

/** Moves the end, sooner or later. */
function EndField({ refresh }: Pick<GraceCardProps, "refresh">) {
  const t = useTranslations("security.grace.card");
  const { pending, failure, form, submit } = useSubmission();
  const [days, setDays] = useState(String(graceDays.usual));
  const error = fieldError(failure, "until");

  function move() {
    const until = new Date(Date.now() + Number(days) * 86_400_000);
    void submit(
      () => setGraceEndAction({ until }),
      async (result) => {
        await refresh();
        if (result.ok) toast.success(t("moved"));
      },
    );
  }

  return (
    <details>
      <summary className="cursor-pointer text-muted">{t("change")}</summary>
      <form ref={form} action={move} noValidate className="mt-3 grid gap-3">
        <DaysField value={days} onChange={setDays} error={error} />
        {failure && !error && <FailureNotice failure={failure} />}
        <Button type="submit" pending={pending} className="justify-self-start">
          {t("move")}
        </Button>
      </form>
    </details>
  );
}

interface DaysFieldProps {
  readonly value: string;
  readonly onChange: (days: string) => void;
  readonly error: FieldError | undefined;
}

/** For how many days known callers get in without the token, and which day that is. */
export function DaysField({ value, onChange, error }: DaysFieldProps) {
  const t = useTranslations("security.grace.days");
  const format = useFormatter();
  const message = useFieldMessage();
  const days = Number(value);
  const { least, most } = graceDays;
  const fits = Number.isInteger(days) && days >= least && days <= most;
  const end = fits ? format.dateTime(new Date(Date.now() + days * 86_400_000), { dateStyle: "full" }) : null;
  return (
    <Field
      label={t("label")}
      name="days"
      error={message(error)}
      hint={end ? t("until", { when: end }) : t("range", graceDays)}
    >
      {(control) => (
        <TextInput
          {...control}
          type="number"
          min={least}
          max={most}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="max-w-32"
        />
      )}
    </Field>
  );
}
