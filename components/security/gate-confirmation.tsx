import { Check, Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import type { Confirmation, WaitingGate } from "@/lib/domain/confirmation";
import { RefreshAt } from "./refresh-at";
import { WrongClocks } from "./wrong-clocks";

/** A change this young is on its way; milliseconds. */
const underWayMs = 2000;
/** While a gate is waited for, the page looks again this often: nothing else may tell it. */
const lookEveryMs = 4000;

/** What the gates say of themselves: whether they apply the newest change, and whether their clocks are right. */
export function GateConfirmation({ confirmation }: { readonly confirmation: Confirmation | null }) {
  if (!confirmation) return null;
  return (
    <>
      <NewestChange confirmation={confirmation} />
      <WrongClocks clocks={confirmation.wrongClocks} />
    </>
  );
}

/** Which gates apply the newest change, or which does not yet, for how long, and what that means. */
function NewestChange({ confirmation }: { readonly confirmation: Confirmation }) {
  const t = useTranslations("security.confirmation");
  const { gates, confirmed, waiting, tookMs, changedAt, at } = confirmation;
  const complete = waiting.length === 0;
  const age = at.getTime() - changedAt.getTime();
  if (complete || age < underWayMs) {
    const Icon = complete ? Check : Clock;
    return (
      <div className="flex items-baseline gap-2 px-4 py-2.5 text-muted md:px-6">
        <Icon
          aria-hidden
          strokeWidth={2.5}
          className={`size-3.5 shrink-0 self-center ${complete ? "text-good" : ""}`}
        />
        <p>
          {gates === 0 ? (
            t("none")
          ) : (
            <span className="text-text">
              {t("confirmed", { confirmed, gates })}
              {tookMs !== null && ` ${took(t, tookMs)}`}
            </span>
          )}{" "}
          · {t.rich("change", { when: () => <RelativeTime date={changedAt} /> })}
        </p>
        {!complete && <RefreshAt at={new Date()} />}
      </div>
    );
  }
  return (
    <CardBody>
      <Notice tone="warn" title={t("confirmed", { confirmed, gates })}>
        <ul aria-label={t("waiting")} className="mt-1 grid gap-2">
          {waiting.map((gate) => (
            <WaitingFor key={gate.gateId} gate={gate} {...{ changedAt, at }} />
          ))}
        </ul>
        <RefreshAt at={new Date(Date.now() + lookEveryMs - 1000)} />
      </Notice>
    </CardBody>
  );
}

function took(t: ReturnType<typeof useTranslations<"security.confirmation">>, ms: number): string {
  return ms < 1000 ? t("ms", { ms: Math.max(1, Math.round(ms)) }) : t("seconds", { seconds: ms / 1000 });
}

interface WaitingForProps {
  readonly gate: WaitingGate;
  readonly changedAt: Date;
  readonly at: Date;
}

/** One gate, and how long the old state may still count there. */
function WaitingFor({ gate, changedAt, at }: WaitingForProps) {
  const t = useTranslations("security.confirmation");
  const { host, pid, silentSince, harmlessAt } = gate;
  const secondsUntil = (later: Date, earlier: Date) =>
    Math.max(0, Math.round((later.getTime() - earlier.getTime()) / 1000));
  const left = secondsUntil(harmlessAt, at);
  return (
    <li>
      <p>
        {t.rich("late", {
          host,
          pid: String(pid),
          seconds: secondsUntil(at, changedAt),
          name: (chunks) => <b className="font-semibold wrap-anywhere">{chunks}</b>,
        })}{" "}
        {silentSince && t("silent", { seconds: secondsUntil(at, silentSince) })}
      </p>
      <p className="text-muted">{silentSince && left === 0 ? t("harmless") : t("means", { left })}</p>
    </li>
  );
}
