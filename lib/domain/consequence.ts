import type { AddressList } from "./address-list";
import { inUseMs } from "./address-view";
import type {
  ActivationOutlook,
  AffectedCaller,
  AffectedCallers,
  Consequence,
  ConsequenceChange,
} from "./caller-view";
import { type CallerEndpoints, judgeSeen, type SeenEndpoint } from "./endpoint-seen";
import {
  breaks,
  type CallerFacts,
  isDismissed,
  isSilent,
  type Judged,
  othersRecentMs,
  recentMs,
} from "./preflight";
import { isLiveToken } from "./preflight-evidence";
import { type RotatingCaller, sendsOldToken } from "./rotation";
import { judgeRoutes, type RoutesChange } from "./route-change";
import { hourMs } from "./traffic";

/**
 * What a change does to one caller. `rejected`: what it sent last would be, from its next call on. `maybe`: it may be,
 * since nobody knows what it sends by now, or whether it still calls. `moved`: it is let in as before, and led elsewhere.
 */
export type Fate = "rejected" | "maybe" | "moved" | "none";

/**
 * Activating the token on a caller's instance.
 *
 * @param demanded the caller needs it already
 */
export function fateOfActivating(
  { verdict, unproven }: Pick<Judged, "verdict" | "unproven">,
  demanded: boolean,
): Fate {
  if (demanded) return "none";
  if (breaks(verdict)) return "rejected";
  return unproven ? "maybe" : "none";
}

/**
 * Finishing a rotation: whoever still sends the old token, or was not heard since the new one was made.
 *
 * @param demanded the caller gets in with a live token only
 */
export function fateOfFinishing(caller: RotatingCaller, rotatedAt: Date, now: Date, demanded: boolean): Fate {
  if (!demanded || !sendsOldToken(caller, rotatedAt, now)) return "none";
  return caller.lastToken === "retiring" || caller.oldRecently ? "rejected" : "maybe";
}

/**
 * Replacing the token at once: everybody who gets in with a token, since nobody can have the new one yet. Whoever is
 * rejected already loses nothing.
 *
 * @param demanded the caller gets in with a live token only
 */
export function fateOfReplacing({ caller, verdict, unproven }: Judged, now: Date, demanded: boolean): Fate {
  const { others, lastToken, liveAt } = caller;
  if (!demanded) return "none";
  if (isSilent(verdict)) return unproven || liveAt !== null ? "maybe" : "none";
  // Of two programs behind one address, or many in one row, one may get in while the other does not.
  const recent = others ? othersRecentMs : recentMs;
  const getsIn = isLiveToken(lastToken) || (liveAt !== null && now.getTime() - liveAt.getTime() < recent);
  return getsIn ? "rejected" : "none";
}

/** As the gate has it: an address that is not known is on no list. */
function isListed(list: AddressList, address: string | null): boolean {
  return address !== null && list.includes(address);
}

/**
 * Enforcing a list of addresses instead of another. Of those beyond the limits nobody knows the addresses; whoever has not
 * called for a week may call from elsewhere by now, or not at all.
 *
 * @param before the list that is enforced now; null: none is, everyone passes
 */
export function fateOfAddresses(
  { others, address, lastSeenAt }: Pick<CallerFacts, "others" | "lastSeenAt"> & { address: string | null },
  before: AddressList | null,
  after: AddressList,
  now: Date,
): Fate {
  if (others) return "maybe";
  if (isListed(after, address) || (before !== null && !isListed(before, address))) return "none";
  return now.getTime() - lastSeenAt.getTime() <= inUseMs ? "rejected" : "maybe";
}

/** Endpoint rules that count instead of others; `before` null: none do now. */
export interface RulesChange {
  readonly before: string | null;
  readonly after: string;
  /** The instance's name in its service. */
  readonly label: string | null;
}

/** An endpoint that a caller calls and would lose, and whether for certain. */
interface LostEndpoint {
  readonly seen: SeenEndpoint;
  readonly sure: boolean;
}

/** What a caller calls and would lose when rules come to count. */
export function lostEndpoints(
  { endpoints }: CallerEndpoints,
  { before, after, label }: RulesChange,
): readonly LostEndpoint[] {
  return endpoints.flatMap((seen) => {
    if (before !== null && judgeSeen(before, seen, label).verdict === "rejected") return [];
    const { verdict } = judgeSeen(after, seen, label);
    return verdict === "passes" ? [] : [{ seen, sure: verdict === "rejected" }];
  });
}

/**
 * What a caller calls and would lose by other routes of its service; null: they are the same.
 *
 * @param label the instance's name in the service; null: it has none
 */
export function lostByRoutes(
  { endpoints }: CallerEndpoints,
  change: RoutesChange | null,
  label: string | null,
): readonly LostEndpoint[] {
  if (change === null) return [];
  return endpoints.flatMap((seen) => {
    const verdict = judgeRoutes(change, seen, label);
    return verdict === "passes" ? [] : [{ seen, sure: verdict === "rejected" }];
  });
}

/**
 * Taking endpoints from a caller. Nobody knows what it calls beyond the endpoints that are remembered; what it has not called
 * for a week, it may not call any more.
 */
function fateOfLosing(
  lost: readonly LostEndpoint[],
  { more }: Pick<CallerEndpoints, "more">,
  now: Date,
): Fate {
  if (lost.some(({ seen, sure }) => sure && now.getTime() - seen.lastAt.getTime() <= inUseMs))
    return "rejected";
  return lost.length > 0 || more ? "maybe" : "none";
}

/** Enforcing endpoint rules instead of others. */
export function fateOfEndpoints(calls: CallerEndpoints, change: RulesChange, now: Date): Fate {
  return fateOfLosing(lostEndpoints(calls, change), calls, now);
}

/** A change of a service. */
export interface ServiceChange {
  /** null: nobody who gets in is turned away. */
  readonly routes: RoutesChange | null;
  /** Calls go to another upstream, or with other headers. */
  readonly moves: boolean;
}

/**
 * A change of the service of the instance that a caller calls. Whoever was never let in has nothing to lose.
 *
 * @param lost from `lostByRoutes`
 */
export function fateOfService(
  calls: CallerEndpoints,
  lost: readonly LostEndpoint[],
  { routes, moves }: ServiceChange,
  now: Date,
): Fate {
  if (calls.endpoints.length === 0 && !calls.more) return "none";
  const more = calls.more || routes?.unrecorded === true;
  const fate = routes ? fateOfLosing(lost, { more }, now) : "none";
  return fate === "none" && moves ? "moved" : fate;
}

/** Changes of one instance that concern all of its callers, whatever they send. */
export const instanceChanges = [
  "pause",
  "delete",
  "regenerate",
  "upstream",
] as const satisfies readonly ConsequenceChange[];

export type InstanceChange = (typeof instanceChanges)[number];

/** Who has been silent for longer may be gone. */
const silentMs = 30 * 24 * hourMs;

/** A change of the instance that a caller calls. */
export function fateOfInstance(
  change: InstanceChange,
  { lastSeenAt }: Pick<CallerFacts, "lastSeenAt">,
  now: Date,
): Fate {
  if (change === "upstream") return "moved";
  return now.getTime() - lastSeenAt.getTime() <= silentMs ? "rejected" : "maybe";
}

/** A caller as a rule looks at it. */
interface Looked {
  readonly caller: CallerFacts;
}

/** Callers by what a change does to them, in the order given, without those that do not count. */
export interface Fates<T extends Looked> {
  readonly rejected: readonly T[];
  readonly maybe: readonly T[];
  readonly moved: readonly T[];
  /** How many callers it does nothing to, and how many of those that do not count it would concern. */
  readonly untouched: number;
  readonly dismissed: number;
}

/**
 * Sorts all callers by the rule of a change.
 *
 * @param isAside whether a caller does not count; whoever was called gone unless said otherwise
 */
export function fatesOf<T extends Looked>(
  callers: readonly T[],
  fateOf: (each: T) => Fate,
  isAside: (caller: CallerFacts) => boolean = isDismissed,
): Fates<T> {
  const found = { rejected: [] as T[], maybe: [] as T[], moved: [] as T[] };
  let [untouched, dismissed] = [0, 0];
  for (const each of callers) {
    const fate = fateOf(each);
    if (isAside(each.caller)) {
      if (fate !== "none") dismissed++;
    } else if (fate === "none") {
      if (!each.caller.others) untouched++;
    } else found[fate].push(each);
  }
  return { ...found, untouched, dismissed };
}

/** True when somebody would be rejected, or may be: then a name has to be typed. */
export function breaksSomebody({ rejected, maybe }: Pick<Fates<Looked>, "rejected" | "maybe">): boolean {
  return rejected.length + maybe.length > 0;
}

const countOf = ({ total, others }: AffectedCallers): number => total + others;

/** The same of what a dialog shows. */
export function breaksAnybody({ rejected, maybe }: Pick<Consequence, "rejected" | "maybe">): boolean {
  return countOf(rejected) + countOf(maybe) > 0;
}

/** True when it concerns nobody at all. */
export function concernsNobody(consequence: Consequence): boolean {
  return !breaksAnybody(consequence) && countOf(consequence.moved) === 0;
}

/** What a list says that does not change with the time of day: who, and how many. */
function told({ callers, total, others }: AffectedCallers): unknown[] {
  // Which few of many are named changes with every call.
  const named = total > callers.length ? [] : callers;
  return [total, others, named.map(({ id, verdict, lastToken }) => [id, verdict, lastToken]).sort()];
}

/** Whether somebody who has read the one would be told something else by the other. */
export function hasConsequenceChanged<C extends Consequence>(read: C, now: C): boolean {
  const [before, after] = [read, now].map(({ rejected, maybe, moved, untouched, requests, ...rest }) =>
    JSON.stringify([[rejected, maybe, moved].map(told), rest]),
  );
  return before !== after;
}

/** The same of activating, where the newer one has numbers alone. */
export function hasOutlookChanged(read: ActivationOutlook, now: ActivationOutlook): boolean {
  const told = ({
    concerned,
    dismissed,
    unchecked,
    heard,
    readyInstances,
    unreadyInstances,
  }: ActivationOutlook) =>
    JSON.stringify([concerned, dismissed, unchecked, heard, readyInstances, unreadyInstances]);
  return told(read) !== told(now);
}

/** Callers of one program in a list. */
export interface ProgramGroup {
  /** What people call it, or its short name; empty when it gave none. */
  readonly program: string;
  readonly callers: readonly AffectedCaller[];
  /** Those that are not named one by one. */
  readonly more: number;
}

/** Everybody in a list by program, the one whose caller stands first at the beginning. */
export function byProgram({ callers, more }: Pick<AffectedCallers, "callers" | "more">): ProgramGroup[] {
  const groups = new Map<string, { callers: AffectedCaller[]; more: number }>();
  const groupOf = (program: string) => {
    const group = groups.get(program) ?? { callers: [], more: 0 };
    groups.set(program, group);
    return group;
  };
  for (const caller of callers) groupOf(caller.name ?? caller.agent).callers.push(caller);
  for (const { agent, callers } of more) groupOf(agent).more += callers;
  return [...groups].map(([program, group]) => ({ program, ...group }));
}
