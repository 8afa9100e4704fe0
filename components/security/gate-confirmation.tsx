import { Check, Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import type { Confirmation, WaitingGate, WrongClock } from "@/lib/domain/confirmation";
import { isUnderWay } from "@/lib/domain/security-page";

const isCalm = (confirmation: Confirmation) => confirmation.waiting.length === 0 || isUnderWay(confirmation);

/** That the gates apply the newest change, or are about to; nothing while one is late, which is said above. */
export function GatesConfirm({ confirmation }: { readonly confirmation: Confirmation | null }) {
  const t = useTranslations("security.confirmation");
  if (!confirmation || !isCalm(confirmation)) return null;
  const { gates, confirmed, waiting, tookMs, changedAt } = confirmation;
  const complete = waiting.length === 0;
  const Icon = complete ? Check : Clock;
  return (
    <>
      <Icon
        aria-hidden
        strokeWidth={2.5}
        className={`mr-2 inline size-3.5 align-[-2px] ${complete ? "text-good" : ""}`}
      />
      {gates === 0 ? (
        t("none")
      ) : (
        <span className="text-text">
          {t("confirmed", { confirmed, gates })}
          {tookMs !== null && ` ${took(t, tookMs)}`}
        </span>
      )}{" "}
      · {t.rich("change", { when: () => <RelativeTime date={changedAt} /> })}
    </>
  );
}

/** What is wrong with gates: one does not apply the newest change for long, or its clock is off. */
export function GateTroubles({ confirmation }: { readonly confirmation: Confirmation | null }) {
  if (!confirmation) return null;
  return (
    <>
      {!isCalm(confirmation) && <LateGates confirmation={confirmation} />}
      <WrongClocks clocks={confirmation.wrongClocks} />
    </>
  );
}

/** Which gates do not apply the newest change yet, for how long, and what that means. */
function LateGates({ confirmation }: { readonly confirmation: Confirmation }) {
  const t = useTranslations("security.confirmation");
  const { gates, confirmed, waiting, changedAt, at } = confirmation;
  return (
    <CardBody>
      <Notice tone="warn" title={t("confirmed", { confirmed, gates })}>
        <ul aria-label={t("waiting")} className="mt-1 grid gap-2">
          {waiting.map((gate) => (
            <WaitingFor key={gate.gateId} gate={gate} {...{ changedAt, at }} />
          ))}
        </ul>
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

/** Gates whose clock is off, and what that does: the end of an overlap comes by the clock of the gate. */
function WrongClocks({ clocks }: { readonly clocks: readonly WrongClock[] }) {
  const t = useTranslations("security.confirmation");
  if (clocks.length === 0) return null;
  return (
    <CardBody>
      <Notice tone="warn" title={t("clockTitle", { count: clocks.length })}>
        <ul aria-label={t("clocks")} className="mt-1 grid gap-2">
          {clocks.map(({ gateId, host, pid, aheadMs }) => (
            <li key={gateId}>
              {t.rich(aheadMs > 0 ? "ahead" : "behind", {
                host,
                pid: String(pid),
                seconds: Math.round(Math.abs(aheadMs) / 1000),
                name: (chunks) => <b className="font-semibold wrap-anywhere">{chunks}</b>,
              })}
            </li>
          ))}
        </ul>
        <p className="mt-1 text-muted">{t("clockFix")}</p>
      </Notice>
    </CardBody>
  );
}
