import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { type SessionView, sessionAbsoluteSeconds, sessionIdleSeconds } from "@/lib/domain/session";
import { AddressText, ProgramName, useProgramName } from "../activity/origin-text";
import { Card, CardFoot, CardHead } from "../ui/card";
import { RelativeTime } from "../ui/relative-time";
import { StatusPill } from "../ui/status";
import { EndSession } from "./end-session";

const daySeconds = 24 * 3600;
const limits = { idle: sessionIdleSeconds / daySeconds, absolute: sessionAbsoluteSeconds / daySeconds };

/** Browsers signed in as this person, each with a way to end it. */
export function SessionsCard({ sessions }: { readonly sessions: readonly SessionView[] }) {
  const t = useTranslations("settings.sessions");
  const others = sessions.length - 1;
  return (
    <Card aria-labelledby="sessions">
      <CardHead id="sessions" title={t("title")} description={t("description", limits)} />
      <ul aria-label={t("list")} className="border-line border-t">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {others > 0 && (
        <CardFoot note={t("othersNote", { count: others })}>
          <EndSession label={t("endOthers")} />
        </CardFoot>
      )}
    </Card>
  );
}

function SessionRow({ session }: { readonly session: SessionView }) {
  const t = useTranslations("settings.sessions");
  const browser = useProgramName()(session.userAgent);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line px-4 py-3.5 not-last:border-b md:px-6">
      <div className="min-w-0">
        <p className="font-medium">
          <ProgramName userAgent={session.userAgent} />
        </p>
        <p className="flex gap-x-2 text-muted text-xs max-sm:flex-col sm:flex-wrap">
          <AddressText address={session.address} />
          <span aria-hidden className="max-sm:hidden">
            ·
          </span>
          <span>{t.rich("signedIn", { when: () => <RelativeTime date={session.createdAt} /> })}</span>
          <span aria-hidden className="max-sm:hidden">
            ·
          </span>
          <span>{t.rich("lastSeen", { when: () => <RelativeTime date={session.lastSeenAt} /> })}</span>
        </p>
      </div>
      {session.current ? (
        <StatusPill tone="good" icon={Check}>
          {t("current")}
        </StatusPill>
      ) : (
        <EndSession
          sessionId={session.id}
          label={t("end")}
          name={t("endOf", { browser, address: session.address })}
          size="sm"
        />
      )}
    </li>
  );
}
