import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerRow, readCallers, readRhythms } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import { type ActivationForecast, mostCallersShown, type ProgramCount } from "@/lib/domain/caller-view";
import { type Enforcement, isEnforced } from "@/lib/domain/enforcement";
import {
  blocks,
  breaks,
  expectCalls,
  isSetAside,
  isSilent,
  type Judged,
  judge,
} from "@/lib/domain/preflight";
import { evidenceOf, type TokenSpan } from "@/lib/domain/preflight-evidence";
import type { Rhythm } from "@/lib/domain/rhythm";
import { hourOf } from "@/lib/domain/traffic";

/** An account's callers with their verdicts, and what these rest on. */
export interface JudgedCallers {
  /** The current token that they were judged by. */
  readonly tokenId: string;
  readonly since: Date;
  /** When the rotation that is under way began; null without one. */
  readonly rotatedAt: Date | null;
  readonly enforcement: Enforcement;
  readonly judged: readonly Judged<CallerRow>[];
  /** False while there are callers whose rhythm is to be shown and was not looked at yet. */
  readonly rhythmsComplete: boolean;
}

/**
 * Judges every caller of an account; null while it has no token. Says nothing about who may see it.
 *
 * @param tx a change that depends on the verdicts gives its transaction, which holds the account: then they are of the
 *   moment at which it happens, and no token changes in between
 */
export async function judgeCallers(
  accountId: string,
  now: Date,
  tx: Transaction | null = null,
): Promise<JudgedCallers | null> {
  // A transaction has one connection, so there one reading comes after the other.
  const facts = readAccountFacts(accountId, tx);
  if (tx) await facts;
  const [{ tokens, enforcement }, callers] = await Promise.all([facts, readCallers(accountId, tx)]);
  const current = tokens.find(({ state }) => state === "current");
  const spans = tokens.map((token): TokenSpan => ({ ...token, current: token === current }));
  const evidence = evidenceOf(spans, now);
  if (!current || !evidence) return null;
  const retiring = tokens.find(({ state }) => state === "retiring");
  const rotating = retiring !== undefined && (retiring.retireAt === null || retiring.retireAt > now);
  const rotatedAt = rotating ? current.createdAt : null;
  const judged = judge(callers, evidence, now);
  const since = evidence.live;
  return { tokenId: current.id, since, rotatedAt, enforcement, judged, rhythmsComplete: false };
}

/** Rhythms that were read, each with the hour of the last call it rests on; those read last at the end. */
const known = new Map<string, { readonly hour: number; readonly rhythm: Rhythm }>();

/** Rhythms held, of all accounts: some 250 bytes each. */
const mostKnown = 20_000;

/** Callers whose hours one reading looks at: some tenths of a second with a full month of each. */
const mostAtOnce = 500;

/**
 * The rhythms of some callers of an account. Hours are read again of those only that have called in another one since: who
 * is silent has no other rhythm than before, and open pages ask every second. Of thousands that nobody has looked at yet,
 * one reading learns some hundreds, and the next ones the rest; until then they have none.
 */
async function rhythmsOf(
  accountId: string,
  callers: readonly CallerRow[],
): Promise<{ rhythms: ReadonlyMap<string, Rhythm>; complete: boolean }> {
  const hour = ({ lastSeenAt }: CallerRow) => hourOf(lastSeenAt.getTime());
  const unknown = callers.filter(({ id }) => !known.has(id));
  const stale = callers.filter((each) => known.has(each.id) && known.get(each.id)?.hour !== hour(each));
  const ids = [...unknown, ...stale].slice(0, mostAtOnce).map(({ id }) => id);
  const read = await readRhythms(accountId, ids);
  const rhythms = new Map<string, Rhythm>();
  for (const caller of callers) {
    const fresh = read.get(caller.id);
    const held = fresh ? { hour: hour(caller), rhythm: fresh } : known.get(caller.id);
    if (!held) continue;
    rhythms.set(caller.id, held.rhythm);
    known.delete(caller.id);
    known.set(caller.id, held);
  }
  for (const id of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(id);
  }
  return { rhythms, complete: unknown.length <= mostAtOnce };
}

/**
 * The same callers with what is expected of each that is not ready, to show them. Which of them block stays as it is, so a
 * change has no need of it.
 */
export async function withExpectations(
  accountId: string,
  judgedCallers: JudgedCallers,
  now: Date,
): Promise<JudgedCallers> {
  const { judged } = judgedCallers;
  const open = judged.filter(
    ({ caller, verdict }) => verdict !== "ready" && !caller.others && !isSetAside(caller),
  );
  const callers = open.map(({ caller }) => caller);
  const { rhythms, complete } = await rhythmsOf(accountId, callers);
  const expected = expectCalls(judged, ({ id }) => rhythms.get(id), now);
  return { ...judgedCallers, judged: expected, rhythmsComplete: complete };
}

/** Whether the token is enforced on a caller's instance already. */
export function isEnforcedFor({ instanceEnforced }: CallerRow, enforcement: Enforcement): boolean {
  return isEnforced(enforcement, instanceEnforced);
}

/** The programs of those that are not named one by one, the most frequent first, so that everybody is named somehow. */
function programsOf(callers: readonly Judged<CallerRow>[]): ProgramCount[] {
  const counts = new Map<string, number>();
  for (const { caller } of callers) {
    const program = caller.name ?? caller.agent;
    counts.set(program, (counts.get(program) ?? 0) + 1);
  }
  return [...counts]
    .map(([agent, callers]) => ({ agent, callers }))
    .sort((one, other) => other.callers - one.callers);
}

/**
 * Callers on instances on which the token is not enforced yet, or on one of these, and of them the ones that were not set
 * aside.
 */
function openCallers({ judged, enforcement }: JudgedCallers, instanceId: string | null = null) {
  const isAsked = (id: string) => instanceId === null || id === instanceId;
  const all = judged.filter(
    ({ caller }) => isAsked(caller.instanceId) && !isEnforcedFor(caller, enforcement),
  );
  return { all, open: all.filter(({ caller }) => !isSetAside(caller)) };
}

/**
 * Whether activating everywhere, or on one instance, would reject a caller that gets through now, or may, since it was
 * not heard since.
 */
export function mayBreakSomebody(judgedCallers: JudgedCallers, instanceId: string | null = null): boolean {
  return openCallers(judgedCallers, instanceId).open.some(blocks);
}

/** Those that worked and were not heard since, by name. */
function unprovenOf(open: JudgedCallers["judged"]): ActivationForecast["unproven"] {
  const unproven = open.filter((each) => each.unproven);
  const own = unproven.filter(({ caller }) => !caller.others);
  return {
    callers: own.slice(0, mostCallersShown).map(({ caller, expectation }) => {
      const { id, name, agent, address, others, instanceName, lastToken, lastSeenAt, requests } = caller;
      const shown = { id, name, agent, address, others, instanceName, lastToken, lastSeenAt };
      return { ...shown, requests, expectation };
    }),
    more: programsOf(own.slice(mostCallersShown)),
    total: own.length,
    others: unproven.length - own.length,
  };
}

/**
 * What activating would do beyond what is so already.
 *
 * @param instanceId the only instance that is to be activated; null for all of them
 */
export function forecast(
  judgedCallers: JudgedCallers,
  instances: readonly { readonly enforced: boolean; readonly count: number }[],
  instanceId: string | null = null,
): Omit<ActivationForecast, "readyNames"> {
  const { judged, enforcement } = judgedCallers;
  const { all, open } = openCallers(judgedCallers, instanceId);
  const breaking = open.filter(({ verdict }) => breaks(verdict));
  const own = breaking.filter(({ caller }) => !caller.others);
  const openInstances = instances
    .filter(({ enforced }) => !isEnforced(enforcement, enforced))
    .reduce((sum, { count }) => sum + count, 0);
  const unreadyInstances = new Set(open.filter(blocks).map(({ caller }) => caller.instanceId)).size;
  return {
    callers: own.slice(0, mostCallersShown).map(({ caller, verdict, expectation }) => {
      const { id, name, agent, address, others, instanceName, lastToken, lastSeenAt, notLiveAt } = caller;
      const shown = { id, name, agent, address, others, instanceName, lastToken, lastSeenAt, notLiveAt };
      return { ...shown, verdict, expectation };
    }),
    more: programsOf(own.slice(mostCallersShown)),
    total: own.length,
    others: breaking.length - own.length,
    unproven: unprovenOf(open),
    unchecked: open.filter(
      ({ caller, verdict, unproven }) => isSilent(verdict) && !unproven && !caller.others,
    ).length,
    dismissed: all.filter(blocks).length - open.filter(blocks).length,
    heard: judged.some(({ caller, verdict }) => !isSilent(verdict) && !isSetAside(caller)),
    readyInstances: openInstances - unreadyInstances,
    unreadyInstances,
  };
}
