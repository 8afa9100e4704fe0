import type { InstanceReadiness } from "./enforcement";
import type { PreflightSummary, Verdict } from "./preflight";
import { verdicts } from "./preflight";
import type { SeenToken } from "./preflight-evidence";
import type { Expectation } from "./rhythm";

/** Which callers are listed: all that are not set aside, those of one verdict, or those set aside: dismissed or left out. */
export const callerFilters = ["all", ...verdicts, "dismissed"] as const;

export type CallerFilter = (typeof callerFilters)[number];

/** Rows listed at first, and with each "show more": callers of one program share one; and callers on one page at most. */
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
  /** Whether the token is enforced on its instance, so that what would become of it does. */
  readonly enforced: boolean;
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
  /** Where a change concerns some of its calls only: which, as `DELETE /instance/delete/{instance}`. */
  readonly endpoints?: readonly string[];
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
  /** Of an instance's endpoint rules. */
  | "endpoints"
  /** Of a service: its routes, its host names, where its calls go. */
  | "service"
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
  /** Requests in the last 24 hours of those that it leads elsewhere. */
  readonly requests: number;
}

/** What activating the token now would do, in numbers. */
export interface ActivationOutlook extends Pick<Consequence, "dismissed"> {
  /** Another text when others would or may be rejected, or they send something else. */
  readonly concerned: string;
  /** Silent callers that have nothing to lose, or had sent a live token: refused before theirs was looked at. */
  readonly unchecked: number;
  /** Whether any caller that counts was heard since, ready ones too. */
  readonly heard: boolean;
  /** Instances on which the token is not enforced yet: where no caller would or may be rejected, and where one would or may. */
  readonly readyInstances: number;
  readonly unreadyInstances: number;
}

/** The same with everybody who would be rejected, or may be. */
export interface ActivationForecast extends Consequence, ActivationOutlook {
  /** The first few of the ready ones by name, newest first. */
  readonly readyNames: readonly string[];
}

/** Who still sends the old token while a rotation is under way, those whom ending it would reject first. */
export interface RotationProgress extends AffectedCallers {
  /** Of all of them, callers and other callers, those whom ending it would reject. */
  readonly enforced: number;
}

/** Callers that belong together, in the order in which they need a look: `hand` would be rejected, or are. */
export const callerGroupKinds = ["hand", "waiting", "overdue", "ready", "dismissed"] as const;

export type CallerGroupKind = (typeof callerGroupKinds)[number];

/** One program, or one name that people gave, in so few words that a line holds several. */
interface ProgramSummary extends Pick<CallerLabel, "name" | "agent" | "others"> {
  readonly verdict: Verdict;
  /** From how many it calls. */
  readonly addresses: number;
}

/** A group of callers in a line: how many, and which programs. */
export interface CallerGroup {
  readonly kind: CallerGroupKind;
  readonly total: number;
  /** The first few, those with most addresses first, and how many more there are. */
  readonly programs: readonly ProgramSummary[];
  readonly morePrograms: number;
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
  /** All that filter and search let through, on all pages, those that need a hand first. None is empty. */
  readonly groups: readonly CallerGroup[];
  readonly forecast: ActivationOutlook;
  /** null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
  /** How ready each instance is that has callers, by its id; on the Security page, each that it lists. */
  readonly readiness: ReadonlyMap<string, InstanceReadiness>;
  /** False while of some callers nobody has looked yet when they call: those may turn out overdue. */
  readonly rhythmsComplete: boolean;
}
