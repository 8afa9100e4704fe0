import {
  Check,
  ChevronRight,
  Clock,
  Hourglass,
  KeyRound,
  type LucideIcon,
  TriangleAlert,
  UserX,
} from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { moved, preflightId, type SecurityPlace, securityHref } from "@/components/security/security-place";
import { Fold, type FoldProps } from "@/components/ui/fold";
import { TextLink } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusPill, type Tone } from "@/components/ui/status";
import { WrapText } from "@/components/ui/text";
import { callersByProgram, countAddresses, groupOf } from "@/lib/domain/caller-list";
import {
  type CallerGroup,
  type CallerView,
  callersPerStep,
  type PreflightView,
} from "@/lib/domain/caller-view";
import { isSilent, type Verdict } from "@/lib/domain/preflight";
import { CallerControls } from "./caller-controls";
import { CallerDetails } from "./caller-details";
import { CallerWhy, useCallerTitle } from "./caller-words";
import { CallerRhythm } from "./rhythm-words";

interface RowProps {
  readonly mayChange: boolean;
  /** Opens the dialog that names a caller. */
  readonly onName: (caller: CallerView) => void;
}

interface CallerGroupsProps extends RowProps {
  readonly view: PreflightView;
  /** What the page is narrowed to. */
  readonly place: SecurityPlace;
  /** The way to callers beyond those listed; stands before those that are folded away. */
  readonly more: ReactNode;
}

/** Turns with what it unfolds. */
const chevron = "mt-0.5 size-4 shrink-0 text-muted transition-transform duration-100";

const summaryStyle = "flex list-none gap-2 hover:bg-sunken [&::-webkit-details-marker]:hidden";

/** Up to as many callers are drawn whether they are folded or not. */
const fewCallers = 2 * callersPerStep;

/**
 * Callers by what would become of them, and then by program. Those that are ready are folded to a line, unless they
 * are what somebody looks for. Everything folds without JavaScript.
 */
export function CallerGroups({ view, place, more, mayChange, onName }: CallerGroupsProps) {
  const t = useTranslations("preflight.search");
  const words = useTranslations("preflight.groups");
  const { groups, callers, filter, search } = view;
  const folds = filter !== "ready" && search === "";
  const drawnAlways = callers.length <= fewCallers;
  const all = (at: SecurityPlace) => (
    <p className="px-10 pb-2.5 md:px-12">
      <PlaceLink place={moved(place, at)}>{t("all")}</PlaceLink>
    </p>
  );
  const draw = (group: CallerGroup) => {
    const { kind, total } = group;
    const listed = callers.filter(
      ({ verdict, dismissed, leftOut }) => groupOf(verdict, dismissed || leftOut) === kind,
    );
    return (
      <Group
        key={kind}
        group={group}
        since={view.since}
        open={listed.length > 0 && (kind !== "ready" || !folds)}
        drawnAlways={drawnAlways}
        plain={all({ callers: "ready" })}
      >
        {callersByProgram(listed).map(({ key, callers }) =>
          callers.length === 1 ? (
            <CallerRow key={callers[0].id} caller={callers[0]} {...{ mayChange, onName, drawnAlways }} />
          ) : (
            <ProgramRow
              key={key}
              {...{ group, callers, mayChange, onName, drawnAlways }}
              open={callers.some(({ id }) => id === place.unfold)}
              plain={all({ unfold: callers[0].id })}
            />
          ),
        )}
        {kind === "ready" && listed.length < total && filter !== "ready" && (
          <li className="px-4 py-2.5 md:px-6">
            <PlaceLink place={moved(place, { callers: "ready" })}>{words("allReady", { total })}</PlaceLink>
          </li>
        )}
      </Group>
    );
  };
  const isFolded = ({ kind }: CallerGroup) => folds && kind === "ready";
  return (
    <>
      {groups.filter((group) => !isFolded(group)).map(draw)}
      {more}
      {groups.filter(isFolded).map(draw)}
    </>
  );
}

function PlaceLink({ place, children }: { readonly place: SecurityPlace; readonly children: ReactNode }) {
  return (
    <TextLink href={securityHref(place, preflightId)} scroll={false} prefetch={false}>
      {children}
    </TextLink>
  );
}

interface GroupProps extends Pick<FoldProps, "open" | "drawnAlways" | "plain" | "children"> {
  readonly group: CallerGroup;
  /** Since when what callers sent says something. */
  readonly since: Date;
}

/** One group: its line, with the programs in it, and the rows under it. */
function Group({ group: { kind, total, programs, morePrograms }, since, children, ...fold }: GroupProps) {
  const t = useTranslations("preflight.groups");
  const title = useCallerTitle();
  const format = useFormatter();
  const names = programs.map((program) =>
    program.addresses > 1
      ? t("program", { program: title(program), addresses: program.addresses })
      : title(program),
  );
  if (morePrograms > 0) names.push(t("morePrograms", { count: morePrograms }));
  const hint =
    kind === "ready"
      ? format.list(names, { type: "unit" })
      : t(`hint.${kind}`, { since: format.dateTime(since, { dateStyle: "medium", timeStyle: "short" }) });
  return (
    <Fold
      {...fold}
      className="group/kind border-line border-t"
      summary={
        <summary className={`${summaryStyle} px-4 py-3 md:px-6`}>
          <ChevronRight aria-hidden className={`${chevron} group-open/kind:rotate-90`} />
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <h4 className="font-semibold">
              {t(`title.${kind}`)}{" "}
              <span className="font-normal text-muted tabular-nums">{format.number(total)}</span>
            </h4>
            <span className="min-w-0 text-pretty text-muted wrap-break-word">{hint}</span>
          </span>
        </summary>
      }
    >
      <ul aria-label={t("label", { group: t(`title.${kind}`) })}>{children}</ul>
    </Fold>
  );
}

/** Who, where, and what would become of it: beside each other, or below each other on a phone. */
const rowGrid =
  "grid min-w-0 flex-1 grid-cols-1 gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,2fr)]";

interface CallerRowProps extends RowProps, Pick<FoldProps, "drawnAlways"> {
  readonly caller: CallerView;
}

/** One caller; what else is known of it unfolds. */
function CallerRow({ caller, mayChange, onName, drawnAlways }: CallerRowProps) {
  const t = useTranslations("preflight");
  const title = useCallerTitle();
  const { name, agent, address, others, instanceName, lastSeenAt } = caller;
  return (
    <li className="flex items-start border-line border-t">
      <Fold
        open={false}
        drawnAlways={drawnAlways}
        className="group/caller min-w-0 flex-1"
        summary={
          <summary className={`${summaryStyle} py-2.5 pl-4 md:pl-6`}>
            <ChevronRight aria-hidden className={`${chevron} group-open/caller:rotate-90`} />
            <span className={rowGrid}>
              <span>
                <span className="block font-semibold">
                  <WrapText>{title(caller)}</WrapText>
                </span>
                <span className="block text-muted text-xs wrap-break-word">
                  {others ? t("othersHint") : name !== null && agent !== "" && `${agent} · `}
                  {!others && <WhereFrom address={address} />}
                </span>
              </span>
              <span className="max-sm:text-muted max-sm:text-xs">
                <span className="wrap-break-word sm:block">{instanceName}</span>
                <span className="sm:hidden"> · </span>
                <span className="text-muted text-xs">
                  <RelativeTime date={lastSeenAt} />
                </span>
              </span>
              <Outcome caller={caller} />
            </span>
          </summary>
        }
      >
        <CallerDetails caller={caller} />
      </Fold>
      {mayChange && (
        <span className="shrink-0 py-1.5 pr-2 pl-1 sm:w-33 md:pr-4">
          {!others && <CallerControls caller={caller} onName={onName} />}
        </span>
      )}
    </li>
  );
}

/** Its verdict, why, and when it should call. */
function Outcome({ caller }: { readonly caller: CallerView }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
      <VerdictPill caller={caller} />
      <CallerWhy caller={caller} className="text-pretty text-muted text-xs" />
      <CallerRhythm caller={caller} className="text-pretty text-muted text-xs" />
    </span>
  );
}

function WhereFrom({ address }: Pick<CallerView, "address">) {
  const t = useTranslations("preflight");
  return address === null ? (
    t("noAddress")
  ) : (
    <span className="font-mono">
      <WrapText>{address}</WrapText>
    </span>
  );
}

interface ProgramRowProps extends RowProps, Pick<FoldProps, "open" | "drawnAlways" | "plain"> {
  readonly group: CallerGroup;
  readonly callers: readonly [CallerView, ...CallerView[]];
}

/** The one that will be heard last of those whose turn is known: until then nobody knows of all. */
function lastExpected(callers: readonly CallerView[]): CallerView | null {
  const dueOf = ({ expectation }: CallerView) => expectation?.expectedBy ?? Number.NEGATIVE_INFINITY;
  const last = callers.reduce((one, other) => (dueOf(other) > dueOf(one) ? other : one));
  return dueOf(last) > Number.NEGATIVE_INFINITY ? last : null;
}

/** Several callers of one program in a row; each of them unfolds. */
function ProgramRow({ group, callers, mayChange, onName, ...fold }: ProgramRowProps) {
  const t = useTranslations("preflight.groups");
  const title = useCallerTitle();
  const [first] = callers;
  const { name, agent, verdict } = first;
  const whole = group.programs.find(
    (each) => each.name === name && each.agent === agent && each.verdict === verdict,
  );
  const addresses = whole?.addresses ?? countAddresses(callers);
  const enforced = callers.some((each) => each.enforced);
  const instances = new Set(callers.map(({ instanceId }) => instanceId)).size;
  const alike = callers.every(
    (each) =>
      each.lastToken === first.lastToken &&
      each.rotation === first.rotation &&
      !each.notLiveAt === !first.notLiveAt,
  );
  const last = isSilent(first.verdict) ? lastExpected(callers) : null;
  return (
    <li className="border-line border-t">
      <Fold
        {...fold}
        className="group/program"
        summary={
          <summary
            className={`${summaryStyle} py-2.5 pl-4 md:pl-6 ${mayChange ? "pr-4 sm:pr-33" : "pr-4 md:pr-6"}`}
          >
            <ChevronRight aria-hidden className={`${chevron} group-open/program:rotate-90`} />
            <span className={rowGrid}>
              <span>
                <span className="block font-semibold">
                  <WrapText>{title(first)}</WrapText>
                </span>
                <span className="block text-muted text-xs">
                  {addresses > 1 ? t("addresses", { addresses }) : <WhereFrom address={first.address} />}
                </span>
              </span>
              <span className="wrap-break-word max-sm:text-muted max-sm:text-xs">
                {instances > 1 ? t("instances", { instances }) : first.instanceName}
              </span>
              <span className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
                <VerdictPill caller={{ ...first, enforced }} />
                {alike && <CallerWhy caller={first} className="text-pretty text-muted text-xs" />}
                {last && <CallerRhythm caller={last} turnOnly className="text-pretty text-muted text-xs" />}
              </span>
            </span>
          </summary>
        }
      >
        <ul aria-label={title(first)} className="sm:pl-6">
          {callers.map((caller) => (
            <CallerRow key={caller.id} {...{ caller, mayChange, onName }} drawnAlways={fold.drawnAlways} />
          ))}
        </ul>
      </Fold>
    </li>
  );
}

const looks: Readonly<Record<Verdict, readonly [Tone, LucideIcon]>> = {
  rejected: ["warn", TriangleAlert],
  wrong_token: ["bad", KeyRound],
  waiting: ["idle", Clock],
  overdue: ["idle", Hourglass],
  ready: ["good", Check],
};

/** A caller's verdict in one or two words, or that it was left out, so that its verdict counts for nothing. */
function VerdictPill({ caller: { verdict, enforced, leftOut } }: { readonly caller: CallerView }) {
  const t = useTranslations("preflight.verdict");
  const words = useTranslations("preflight");
  if (leftOut) {
    return (
      <StatusPill tone="idle" icon={UserX}>
        {words("leftOut")}
      </StatusPill>
    );
  }
  const [tone, icon] = looks[verdict];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(verdict === "rejected" && enforced ? "rejectedNow" : verdict)}
    </StatusPill>
  );
}
