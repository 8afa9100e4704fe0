import {
  Box,
  ChevronRight,
  KeyRound,
  Link2,
  type LucideIcon,
  MapPin,
  Radio,
  Server,
  Shield,
  ShieldUser,
  User,
  Users,
} from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { WrapText } from "@/components/ui/text";
import { systemLabel } from "@/lib/domain/actor";
import type { AuditDetails, AuditEntry, AuditTargetType } from "@/lib/domain/audit-event";
import { browserName } from "@/lib/domain/user-agent";
import { DataTable, TableCell, TableRow } from "../ui/list";
import { RelativeTime } from "../ui/relative-time";

/** On narrow screens these lines stand small under the sentence and speak for themselves. */
const detail = "max-sm:pl-10 max-sm:text-muted max-sm:text-xs";

/** Events, newest first: what, who, from where, when. */
export function EventTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const t = useTranslations("activity");
  const actorName = useActorName();
  const columns = (["what", "who", "where", "when"] as const).map((id) => ({
    id,
    label: t(`columns.${id}`),
  }));
  return (
    <DataTable caption={t("caption")} columns={columns}>
      {entries.map((entry) => (
        <TableRow key={entry.seq}>
          <TableCell className="sm:min-w-52">
            <span className="flex items-center gap-3">
              <EventIcon about={entry.targetType} />
              <span className="min-w-0 text-pretty">
                <EventSentence entry={entry} />
              </span>
            </span>
            <EventDetails entry={entry} />
          </TableCell>
          <TableCell className={`${detail} sm:min-w-32`}>
            <WrapText>{actorName(entry)}</WrapText>
          </TableCell>
          <TableCell className={`${detail} sm:min-w-36`}>
            <AddressText address={entry.address} />
            <span className="text-muted text-xs max-sm:before:content-['_·_'] sm:block">
              <ProgramName userAgent={entry.userAgent} />
            </span>
          </TableCell>
          <TableCell className={`${detail} sm:whitespace-nowrap`}>
            <RelativeTime date={entry.at} />
          </TableCell>
        </TableRow>
      ))}
    </DataTable>
  );
}

/** Who did it: an e-mail address, somebody unknown, or Latchkey itself and who had asked it to. */
function useActorName(): (entry: Pick<AuditEntry, "actor" | "details">) => string {
  const t = useTranslations("activity");
  return ({ actor, details }) => {
    if (actor !== systemLabel) return actor || t("nobody");
    return t("system", { by: typeof details.armedBy === "string" ? details.armedBy : "none" });
  };
}

/** What happened, as a sentence of the catalogue. */
export function EventSentence({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations("activity.action");
  const { details } = entry;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const count = (value: unknown): number => (typeof value === "number" ? value : 0);
  return t.rich(entry.action, {
    target: entry.targetLabel ?? "",
    from: text(details.from),
    to: text(details.to),
    by: text(details.by),
    via: text(details.via),
    lastFour: text(details.lastFour),
    count: count(details.count),
    instances: count(details.instances),
    events: count(details.events),
    format: text(details.format),
    permission: text(details.permission),
    rule: text(details.rule),
    flag: String(details.part ?? details.last ?? false),
    b: (chunks: ReactNode) => (
      <b className="font-semibold">
        <WrapText>{chunks}</WrapText>
      </b>
    ),
    code: (chunks: ReactNode) => <code>{chunks}</code>,
  });
}

type Value = AuditDetails[string];

/** Everything that is recorded of an event, behind one click. */
function EventDetails({ entry }: { readonly entry: AuditEntry }) {
  const t = useTranslations("activity");
  const format = useFormatter();
  const actorName = useActorName();
  const { seq, at, address, userAgent, targetType, targetId, details, hash } = entry;
  return (
    <details className="group mt-1 ml-10 text-xs">
      <summary className="inline-flex min-h-6 items-center gap-1 text-muted hover:text-text [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        {t("details.show")}
        <span className="sr-only"> {seq}</span>
      </summary>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 [overflow-wrap:anywhere]">
        <Fact name={t("details.number")}>{seq}</Fact>
        <Fact name={t("details.time")}>
          {format.dateTime(at, { dateStyle: "medium", timeStyle: "long" })}
        </Fact>
        <Fact name={t("details.actor")}>{actorName(entry)}</Fact>
        <Fact name={t("details.address")}>{address === "unknown" ? t("unknownAddress") : address}</Fact>
        {userAgent && <Fact name={t("details.program")}>{userAgent}</Fact>}
        {targetType && (
          <Fact name={t("details.target")}>
            {targetType} {targetId && <code>{targetId}</code>}
          </Fact>
        )}
        {Object.entries(details).map(([key, value]) => (
          <DetailFact key={key} name={key} value={value} />
        ))}
        <Fact name={t("details.hash")}>
          <code className="break-all">{hash}</code>
        </Fact>
      </dl>
    </details>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>
        <WrapText>{children}</WrapText>
      </dd>
    </>
  );
}

/** One fact of an event's own; one that has no name in the catalogue is shown under its own. */
function DetailFact({ name, value }: { readonly name: string; readonly value: Value | undefined }) {
  const t = useTranslations("activity.details");
  const format = useFormatter();
  const known = `fact.${name}` as Parameters<typeof t>[0];
  const words = () => {
    if (typeof value === "boolean") return t(value ? "true" : "false");
    if (typeof value === "number") return format.number(value);
    return value || t("none");
  };
  return <Fact name={t.has(known) ? t(known) : name}>{words()}</Fact>;
}

const icons: Readonly<Record<AuditTargetType, LucideIcon>> = {
  account: User,
  session: KeyRound,
  user: ShieldUser,
  instance: Box,
  service: Server,
  token: Shield,
  caller: Radio,
  audit: Link2,
  member: Users,
  address: MapPin,
};

/** What an event is about, as a quiet sign; the sentence beside it says the same. */
export function EventIcon({ about }: { readonly about: AuditTargetType | null }) {
  const Icon = icons[about ?? "account"];
  return (
    <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded-full bg-sunken text-muted">
      <Icon className="size-3.5" />
    </span>
  );
}

/** The program behind a User-Agent header, in words; the whole header on hover. */
export function ProgramName({ userAgent }: { readonly userAgent: string }) {
  return <span title={userAgent || undefined}>{useProgramName()(userAgent)}</span>;
}

/** The same as plain text, for names of buttons. */
export function useProgramName(): (userAgent: string) => string {
  const t = useTranslations("activity");
  return (userAgent) => {
    const { browser, system } = browserName(userAgent);
    if (browser && system) return t("browserOn", { browser, system });
    return browser ?? system ?? t("unknownBrowser");
  };
}

/** A client address in full. */
export function AddressText({ address }: { readonly address: string }) {
  const t = useTranslations("activity");
  if (address === "unknown") return t("unknownAddress");
  return (
    <code className="text-xs">
      <WrapText>{address}</WrapText>
    </code>
  );
}
