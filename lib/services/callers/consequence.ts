import { createHash } from "node:crypto";
import type { AccountFacts } from "@/lib/db/account-facts";
import { type CallerRow, readCallers, readOldTokenHours, readRequests } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import {
  type ActivationForecast,
  type ActivationOutlook,
  type AffectedCaller,
  type AffectedCallers,
  type Consequence,
  type ConsequenceChange,
  mostCallersShown,
  type RotationProgress,
} from "@/lib/domain/caller-view";
import {
  breaksSomebody,
  type Fates,
  fateOfActivating,
  fateOfFinishing,
  fateOfInstance,
  fateOfReplacing,
  fatesOf,
  type InstanceChange,
} from "@/lib/domain/consequence";
import { isEnforced } from "@/lib/domain/enforcement";
import { invalidField } from "@/lib/domain/errors";
import { areNamed, type NamedCallers, programsOf } from "@/lib/domain/named-callers";
import { isDismissed, isSetAside, isSilent, type Judged } from "@/lib/domain/preflight";
import { type Expectation, expectationOf } from "@/lib/domain/rhythm";
import { sendsOldToken } from "@/lib/domain/rotation";
import { trafficSince } from "@/lib/domain/traffic";
import { requireTypedName } from "../parse";
import { isEnforcedFor, type JudgedCallers, judgeCallers, rhythmsOf } from "./judge";

/** A caller that a change concerns; its verdict where the change has to do with the token, endpoints where it has with those. */
type Concerned = { readonly caller: CallerRow } & Partial<Pick<Judged, "verdict" | "expectation">> &
  Pick<AffectedCaller, "endpoints">;

/** Callers of an account by what a change does to them. */
export type CallerFates = Fates<Concerned>;

/** What a person confirms with: the name as it was typed, and whom the question had named until then. */
export interface Consent {
  readonly typed: string;
  readonly named: NamedCallers;
}

/**
 * Guards a change that rejects callers, or may: a name has to be typed, and each of them has to have been read before. The
 * callers are those of this moment, read in the transaction of the change: where one would be rejected that was not read of,
 * the change is refused.
 *
 * @throws Refusal `invalid` (the field: required, name_mismatch, callers_changed)
 */
export function requireNameToBreak(
  fates: Pick<CallerFates, "rejected" | "maybe">,
  holder: { readonly name: string },
  { typed, named }: Consent,
  field: "confirmation" | "confirmName" = "confirmation",
): void {
  if (!breaksSomebody(fates)) return;
  requireTypedName(holder, typed, field);
  const broken = [...fates.rejected, ...fates.maybe].map(({ caller }) => caller);
  if (!areNamed(broken, named, new Date())) throw invalidField(field, "callers_changed");
}

/**
 * What activating would do beyond what is so already.
 *
 * @param instanceId the only instance that is to be activated; null for all of them
 */
export function fatesOfActivating(
  { judged, enforcement }: JudgedCallers,
  instanceId: string | null = null,
): Fates<Judged<CallerRow>> {
  const isAsked = ({ instanceId: id }: CallerRow) => instanceId === null || id === instanceId;
  const isDone = (caller: CallerRow) => !isAsked(caller) || isEnforcedFor(caller, enforcement);
  return fatesOf(judged, (each) => fateOfActivating(each, isDone(each.caller)), isSetAside);
}

/** Who still sends the old token of the rotation that is under way, and what ending it does to them. */
interface OldTokenSenders {
  /** Dismissed ones, and those whom ending it does not reject, too. */
  readonly sending: readonly CallerRow[];
  readonly fates: CallerFates;
}

/** Who still sends the old token; null while no rotation is under way. Says nothing about who may know. */
export async function findOldTokenSenders(
  accountId: string,
  judgedCallers: JudgedCallers,
  now: Date,
  tx: Transaction | null = null,
): Promise<OldTokenSenders | null> {
  const { judged, rotatedAt, enforcement } = judgedCallers;
  if (rotatedAt === null) return null;
  const hours = await readOldTokenHours(accountId, rotatedAt, now, tx);
  const rotating = judged.map(({ caller }) => ({
    caller: { ...caller, oldRecently: hours.has(caller.id), newBefore: hours.get(caller.id) ?? false },
  }));
  const sending = rotating.filter(({ caller }) => sendsOldToken(caller, rotatedAt, now));
  const fates = fatesOf(rotating, ({ caller }) =>
    fateOfFinishing(caller, rotatedAt, now, isEnforcedFor(caller, enforcement)),
  );
  return { sending: sending.map(({ caller }) => caller), fates };
}

/** Who still sends the old token, as the page shows it while the rotation goes on. */
export async function readRotationProgress(
  { sending, fates }: OldTokenSenders,
  now: Date,
): Promise<RotationProgress> {
  const rejected = [...fates.rejected, ...fates.maybe].map(({ caller }) => caller);
  const first = new Set(rejected.map(({ id }) => id));
  const rest = sending.filter((caller) => !first.has(caller.id) && !isDismissed(caller));
  const all = [...rejected, ...rest].map((caller) => ({ caller }));
  const requests = await readRequests(namedOf(all), trafficSince("day", now));
  return { ...affectedCallers(all, { requests }), enforced: rejected.length };
}

/** The same, of callers as they are judged at this moment. */
export async function readOldTokenSenders(
  accountId: string,
  now: Date,
  tx: Transaction | null = null,
): Promise<OldTokenSenders | null> {
  const found = await judgeCallers(accountId, now, tx);
  return found && findOldTokenSenders(accountId, found, now, tx);
}

/** Whether anybody sends it, wherever, who was not called gone. */
export function isStillSent({ sending }: OldTokenSenders): boolean {
  return sending.some((caller) => !isDismissed(caller));
}

/** What replacing the token at once would do. */
export function fatesOfReplacing({ judged, enforcement }: JudgedCallers, now: Date): CallerFates {
  return fatesOf(judged, (each) => fateOfReplacing(each, now, isEnforcedFor(each.caller, enforcement)));
}

/** What a change of one instance would do to its callers. Says nothing about whose instance it is. */
export async function fatesOfInstance(
  accountId: string,
  instanceId: string,
  change: InstanceChange,
  now: Date,
  tx: Transaction | null = null,
): Promise<CallerFates> {
  const callers = await readCallers(accountId, tx, [instanceId]);
  return fatesOf(
    callers.map((caller) => ({ caller })),
    ({ caller }) => fateOfInstance(change, caller, now),
  );
}

const isOwn = ({ caller }: Concerned) => !caller.others;

/** Those that are named one by one. */
const namedOf = (all: readonly Concerned[]) =>
  all
    .filter(isOwn)
    .slice(0, mostCallersShown)
    .map(({ caller }) => caller);

/** What is read of callers only once it is known which of them are named. */
interface Known {
  readonly requests?: ReadonlyMap<string, number>;
  readonly expectationFor?: (caller: CallerRow) => Expectation | null;
}

/** Callers as a dialog lists them. */
function affectedCallers(
  all: readonly Concerned[],
  { requests = new Map(), expectationFor = () => null }: Known = {},
): AffectedCallers {
  const own = all.filter(isOwn);
  return {
    callers: own.slice(0, mostCallersShown).map(({ caller, verdict = null, expectation, endpoints }) => {
      const { id, name, agent, address, others, instanceName } = caller;
      const { lastToken, lastSeenAt, notLiveAt } = caller;
      const label = { id, name, agent, address, others, instanceName };
      const last = { lastToken, lastSeenAt, notLiveAt, requests: requests.get(id) ?? 0 };
      const known = { ...label, ...last, verdict, expectation: expectation ?? expectationFor(caller) };
      return endpoints ? { ...known, endpoints } : known;
    }),
    more: programsOf(own.slice(mostCallersShown).map(({ caller }) => caller)),
    total: own.length,
    others: all.length - own.length,
  };
}

/** The same with what is expected of each. */
function consequence(change: ConsequenceChange, fates: CallerFates, known?: Known): Consequence {
  const { rejected, maybe, moved, untouched, dismissed } = fates;
  return {
    change,
    rejected: affectedCallers(rejected, known),
    maybe: affectedCallers(maybe, known),
    moved: affectedCallers(moved, known),
    untouched,
    dismissed,
    requests: moved.reduce((sum, { caller }) => sum + (known?.requests?.get(caller.id) ?? 0), 0),
  };
}

/** What a change would do, with names, and when each of those that are named should call next. */
export async function readConsequence(
  accountId: string,
  change: ConsequenceChange,
  fates: CallerFates,
  now: Date,
): Promise<Consequence> {
  const named = [fates.rejected, fates.maybe, fates.moved].flatMap(namedOf);
  const counted = [...named, ...fates.moved.map(({ caller }) => caller)];
  const [{ rhythms }, requests] = await Promise.all([
    rhythmsOf(accountId, named),
    readRequests(counted, trafficSince("day", now)),
  ]);
  const expectationFor = ({ id, lastSeenAt }: CallerRow) => {
    const rhythm = rhythms.get(id);
    return rhythm ? expectationOf(rhythm, lastSeenAt, now) : null;
  };
  return consequence(change, fates, { requests, expectationFor });
}

/** Another text when others are concerned, or send something else; of more than are named, when there are as many. */
function concernedText(groups: readonly (readonly Concerned[])[]): string {
  const text = groups.map((group) => {
    const named = group.length > mostCallersShown ? [] : group;
    return [
      group.length,
      named.map(({ caller, verdict }) => `${caller.id} ${verdict} ${caller.lastToken}`).sort(),
    ];
  });
  return createHash("sha256").update(JSON.stringify(text)).digest("base64url").slice(0, 16);
}

/** What activating would do, in numbers. The parameters are those of `activationForecast`. */
export function activationOutlook(
  judgedCallers: JudgedCallers,
  instances: AccountFacts["instances"],
  instanceId: string | null = null,
  fates = fatesOfActivating(judgedCallers, instanceId),
): ActivationOutlook {
  const { judged, enforcement } = judgedCallers;
  const openInstances = instances
    .filter(({ enforced }) => !isEnforced(enforcement, enforced))
    .reduce((sum, { count }) => sum + count, 0);
  const blocking = [...fates.rejected, ...fates.maybe];
  const unreadyInstances = new Set(blocking.map(({ caller }) => caller.instanceId)).size;
  const isOpen = ({ caller }: Judged<CallerRow>) =>
    (instanceId === null || caller.instanceId === instanceId) && !isEnforcedFor(caller, enforcement);
  const counted = judged.filter(({ caller }) => !isSetAside(caller));
  return {
    concerned: concernedText([fates.rejected, fates.maybe]),
    dismissed: fates.dismissed,
    unchecked: counted.filter(
      (each) => isOpen(each) && isSilent(each.verdict) && !each.unproven && isOwn(each),
    ).length,
    heard: counted.some(({ verdict }) => !isSilent(verdict)),
    readyInstances: openInstances - unreadyInstances,
    unreadyInstances,
  };
}

/**
 * What activating would do, and where nobody would be rejected.
 *
 * @param judgedCallers with what is expected of each
 * @param instanceId the only instance that is to be activated; null for all of them
 */
export function activationForecast(
  judgedCallers: JudgedCallers,
  instances: AccountFacts["instances"],
  instanceId: string | null = null,
): Omit<ActivationForecast, "readyNames"> {
  const fates = fatesOfActivating(judgedCallers, instanceId);
  return {
    ...consequence("activate", fates),
    ...activationOutlook(judgedCallers, instances, instanceId, fates),
  };
}
