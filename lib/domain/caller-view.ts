import type { InstanceReadiness } from "./enforcement";
import type { PreflightSummary, Verdict } from "./preflight";
import { type CallerFacts, isSetAside, type Judged, verdicts } from "./preflight";
import type { SeenToken } from "./preflight-evidence";
import type { Expectation } from "./rhythm";
import { seenKey } from "./seen-text";

/** Which callers are listed: all that are not set aside, those of one verdict, or those set aside: dismissed or left out. */
export const callerFilters = ["all", ...verdicts, "dismissed"] as const;

export type CallerFilter = (typeof callerFilters)[number];

/** Callers listed at first, and with each "show more"; and how many one page holds at most. */
export const callersPerStep = 20;
export const mostCallersShown = 200;

/** Requests of some hours on end, with a live token and without, the oldest first. */
export interface CallerHours {
  /** When the first of them began. */
  readonly start: Date;
  readonly live: readonly number[];
  readonly other: readonly number[];
}

/** Who calls, in the words a page has for it. */
export interface CallerLabel {
  /** What people call it; null when nobody gave it a name. */
  readonly name: string | null;
  /** Short name of the program; empty when it gave none, and for others. */
  readonly agent: string;
  /** null when it is not known, and for others. */
  readonly address: string | null;
  /** True for the sum of an instance's callers beyond the limits. */
  readonly others: boolean;
}

/** One row of the table of callers. */
export interface CallerView extends CallerLabel {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  /** The newest full user agent; empty when it gave none. */
  readonly userAgent: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly lastMethod: string;
  /** Template of the path. */
  readonly lastPath: string;
  readonly lastToken: SeenToken;
  readonly notLiveAt: Date | null;
  readonly verdict: Verdict;
  /** null for one that is ready or dismissed, and for others. */
  readonly expectation: Expectation | null;
  /** Whether it sends the old or the new token of a rotation; null when none is under way, or it sends neither. */
  readonly rotation: "old" | "new" | null;
  readonly dismissed: boolean;
  readonly leftOut: boolean;
  /** The last 24 of them. */
  readonly hours: CallerHours;
}

/** A caller that a change concerns, as its dialog lists it. */
export interface AffectedCaller extends CallerLabel {
  readonly id: string;
  readonly instanceName: string;
  readonly lastToken: SeenToken;
  readonly lastSeenAt: Date;
  readonly notLiveAt: Date | null;
  /** How often it called in the last 24 hours. */
  readonly requests: number;
  /** null where the change has nothing to do with the token. */
  readonly verdict: Verdict | null;
  readonly expectation: Expectation | null;
}

/** Callers of one program. */
export interface ProgramCount {
  /** What people call it, or its short name; empty when it gave none. */
  readonly agent: string;
  readonly callers: number;
}

/** Everybody to whom a change does the same. */
export interface AffectedCallers {
  /** The first hundreds of them, those heard last first, and the programs of the rest; `total` and `others` count all. */
  readonly callers: readonly AffectedCaller[];
  readonly more: readonly ProgramCount[];
  readonly total: number;
  /** Instances whose callers beyond the limits it concerns too. */
  readonly others: number;
}

/** Changes of which it is said before what they would do to whom. */
export type ConsequenceChange =
  | "activate"
  /** Of a rotation: its end, and a new token without one. */
  | "finish"
  | "replace"
  /** Of the list of addresses. */
  | "addresses"
  /** Of one instance; `regenerate` is its token, `upstream` where its calls go. */
  | "pause"
  | "delete"
  | "regenerate"
  | "upstream";

/** What a change would do to whom, from recorded traffic. */
export interface Consequence {
  readonly change: ConsequenceChange;
  /** Those it rejects, those it may reject, and those it leads elsewhere. */
  readonly rejected: AffectedCallers;
  readonly maybe: AffectedCallers;
  readonly moved: AffectedCallers;
  /** Callers that it does nothing to. */
  readonly untouched: number;
  /** Callers that it would concern, but were called gone, or left out of an activation: they count nowhere else. */
  readonly dismissed: number;
  /** Requests in the last 24 hours of all that it concerns. */
  readonly requests: number;
}

/** Who would be rejected if the token were activated now, who may be, and where nobody would be. */
export interface ActivationForecast extends Consequence {
  /** Silent callers that have nothing to lose, or had sent a live token: refused before theirs was looked at. */
  readonly unchecked: number;
  /** Whether any caller that counts was heard since, ready ones too. */
  readonly heard: boolean;
  /** Instances on which the token is not enforced yet: where no caller would or may be rejected, and where one would or may. */
  readonly readyInstances: number;
  readonly unreadyInstances: number;
  /** The first few of the ready ones by name, newest first. */
  readonly readyNames: readonly string[];
}

/** Who still sends the old token while a rotation is under way, those whom ending it would reject first. */
export interface RotationProgress extends AffectedCallers {
  /** Of all of them, callers and other callers, those whom ending it would reject. */
  readonly enforced: number;
}

/** What the region *Preflight* shows. */
export interface PreflightView extends PreflightSummary {
  /** Since when what callers sent says something about the tokens that are live. */
  readonly since: Date;
  /** Of the silent ones, those that called since and were refused before their token was looked at. */
  readonly unchecked: number;
  /** Share of the last 24 hours' requests that came from callers that are ready, 0 to 1; null when there were none. */
  readonly share: number | null;
  readonly filter: CallerFilter;
  /** What callers are searched for; empty: nothing. */
  readonly search: string;
  /** How many rows each filter lists as long as they are searched for this, those beyond the limits too. */
  readonly listedCounts: Readonly<Record<CallerFilter, number>>;
  /** Rows whatever the filter and the search. */
  readonly known: number;
  readonly callers: readonly CallerView[];
  /** Callers that filter and search let through, on all pages. */
  readonly matching: number;
  readonly forecast: ActivationForecast;
  /** null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
  /** How ready each instance is that has callers, by its id. */
  readonly readiness: ReadonlyMap<string, InstanceReadiness>;
  /** False while of some callers nobody has looked yet when they call: those may turn out overdue. */
  readonly rhythmsComplete: boolean;
}

/** What listing needs to know about a caller. */
export interface ListedCaller extends CallerFacts, CallerLabel {
  readonly id: string;
  readonly instanceName: string;
}

/** What callers are narrowed to. */
interface CallerQuery {
  readonly filter: CallerFilter;
  /** Part of a caller's name, program or address, or of its instance's name; empty: all. */
  readonly search: string;
}

/** The callers that a list shows, and how many each filter would. */
interface CallerList<C extends ListedCaller> {
  readonly listed: readonly Judged<C>[];
  readonly counts: Readonly<Record<CallerFilter, number>>;
}

function passes({ caller, verdict }: Judged, filter: CallerFilter): boolean {
  if (isSetAside(caller)) return filter === "dismissed";
  return filter === "all" || filter === verdict;
}

function matches({ name, agent, address, instanceName }: ListedCaller, search: string): boolean {
  const texts = [name, agent, address, instanceName];
  return texts.some((text) => text && seenKey(text).toLowerCase().includes(search));
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The place of each name among all: there are few, and comparing them anew for each pair of callers takes long. */
function places(names: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...new Set(names)].sort(compare).map((name, place) => [name, place]));
}

/**
 * Those that need a look first; among equals by instance, name or program, and address. Not by time: rows that
 * move whenever someone calls slide away under the pointer.
 */
function sorted<C extends ListedCaller>(judged: readonly Judged<C>[]): Judged<C>[] {
  const placeOf = places(judged.map(({ caller }) => caller.instanceName));
  const place = ({ caller }: Judged<C>) => placeOf.get(caller.instanceName) ?? 0;
  return judged.toSorted((one, other) => {
    const [a, b] = [one.caller, other.caller];
    return (
      verdicts.indexOf(one.verdict) - verdicts.indexOf(other.verdict) ||
      place(one) - place(other) ||
      Number(a.others) - Number(b.others) ||
      compare(a.name ?? a.agent, b.name ?? b.agent) ||
      compare(a.address ?? "", b.address ?? "") ||
      compare(a.id, b.id)
    );
  });
}

/** Lists callers, those beyond the limits too, in an order that does not change while nothing but times do. */
export function listCallers<C extends ListedCaller>(
  judged: readonly Judged<C>[],
  { filter, search }: CallerQuery,
): CallerList<C> {
  const wanted = seenKey(search).toLowerCase();
  const found = wanted === "" ? judged : judged.filter(({ caller }) => matches(caller, wanted));
  const count = (each: CallerFilter) => found.filter((one) => passes(one, each)).length;
  const counts = Object.fromEntries(callerFilters.map((each) => [each, count(each)]));
  return {
    listed: sorted(found.filter((each) => passes(each, filter))),
    counts: counts as Record<CallerFilter, number>,
  };
}
