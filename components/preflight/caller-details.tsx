import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { FixText } from "@/components/rejected/rejected-links";
import { axisTop, Bars, useBucketLabel } from "@/components/traffic/bars";
import { DateTime } from "@/components/ui/date-time";
import type { CallerHours, CallerView } from "@/lib/domain/caller-view";
import { breaks } from "@/lib/domain/preflight";
import { isTokenRejection } from "@/lib/domain/rejection";
import { hourMs } from "@/lib/domain/traffic";

/** What is known of one caller beyond its row: how to mend it, what it asked for last, since when, and its day. */
export function CallerDetails({ caller }: { readonly caller: CallerView }) {
  const t = useTranslations("preflight");
  const { instanceId, instanceName, userAgent, agent, others, verdict, lastToken, hours } = caller;
  const { firstSeenAt, lastSeenAt, lastMethod, lastPath } = caller;
  return (
    <div className="grid gap-3 pr-4 pb-4 pl-10 md:pl-12">
      {breaks(verdict) && !caller.dismissed && !caller.leftOut && isTokenRejection(lastToken) && (
        <p className="max-w-180 text-pretty">
          <FixText reason={lastToken} instanceId={instanceId} agent={agent} />
        </p>
      )}
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        <Fact label={t("details.instance")}>
          <Link href={`/instances/${instanceId}`} className="underline underline-offset-4 wrap-break-word">
            {instanceName}
          </Link>
        </Fact>
        <Fact label={t("details.last")}>
          <DateTime date={lastSeenAt} />{" "}
          <span className="font-mono text-muted text-xs wrap-anywhere">
            {lastMethod} {lastPath}
          </span>
        </Fact>
        <Fact label={t("details.first")}>
          <DateTime date={firstSeenAt} precision="date" />
        </Fact>
        {!others && userAgent !== "" && (
          <Fact label={t("details.userAgent")}>
            <span className="font-mono text-xs wrap-anywhere">{userAgent}</span>
          </Fact>
        )}
        <Fact label={t("details.hours")}>
          <HourBars hours={hours} />
        </Fact>
      </dl>
    </div>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const sumOf = (requests: readonly number[]) => requests.reduce((sum, each) => sum + each, 0);

/** A caller's last 24 hours as bars: requests without the token on top of those with it; and how many in words. */
function HourBars({ hours }: { readonly hours: CallerHours }) {
  const t = useTranslations("preflight.spark");
  const label = useBucketLabel("hour");
  const [live, other] = [sumOf(hours.live), sumOf(hours.other)];
  if (live + other === 0) return <span className="text-muted">{t("none")}</span>;
  const bars = hours.live.map((lower, index) => {
    const start = new Date(hours.start.getTime() + index * hourMs);
    const upper = hours.other[index] ?? 0;
    return { start, lower, upper, title: t("hour", { when: label(start), live: lower, other: upper }) };
  });
  return (
    <>
      <Bars
        label={t("label", { live, other })}
        top={axisTop(Math.max(...bars.map(({ lower, upper }) => lower + upper)))}
        lowerColor="fill-good"
        upperColor="fill-warn"
        className="h-8 w-full max-w-60 border-line border-b"
        values={bars}
      />
      <span aria-hidden className="text-muted text-xs">
        {t("short", { live, other })}
      </span>
    </>
  );
}
