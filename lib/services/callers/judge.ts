import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerRow, readCallers, readRhythms } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import {
  type Enforcement,
  type InstanceReadiness,
  isEnforced,
  readinessByInstance,
} from "@/lib/domain/enforcement";
import { expectCalls, isSetAside, type Judged, judge } from "@/lib/domain/preflight";
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
 * Judges the callers of an account; null while it has no token. Says nothing about who may see it.
 *
 * @param tx a change that depends on the verdicts gives its transaction, which holds the account: then they are of the
 *   moment at which it happens, and no token changes in between
 * @param instanceIds whose callers are judged; null: those of all instances
 */
export async function judgeCallers(
  accountId: string,
  now: Date,
  tx: Transaction | null = null,
  instanceIds: readonly string[] | null = null,
): Promise<JudgedCallers | null> {
  // A transaction has one connection, so there one reading comes after the other.
  const facts = readAccountFacts(accountId, tx);
  if (tx) await facts;
  const [{ tokens, enforcement }, callers] = await Promise.all([
    facts,
    readCallers(accountId, tx, instanceIds),
  ]);
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
export async function rhythmsOf(
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

/** The same callers with what is expected of each that is not ready, to show them; and whether all of their rhythms are known. */
export async function expectedCallers(
  accountId: string,
  judged: readonly Judged<CallerRow>[],
  now: Date,
): Promise<{ judged: readonly Judged<CallerRow>[]; complete: boolean }> {
  const open = judged.filter(
    ({ caller, verdict }) => verdict !== "ready" && !caller.others && !isSetAside(caller),
  );
  const callers = open.map(({ caller }) => caller);
  const { rhythms, complete } = await rhythmsOf(accountId, callers);
  return { judged: expectCalls(judged, ({ id }) => rhythms.get(id), now), complete };
}

/** The same for all callers of an account. Which of them block stays as it is, so a change has no need of it. */
export async function withExpectations(
  accountId: string,
  judgedCallers: JudgedCallers,
  now: Date,
): Promise<JudgedCallers> {
  const { judged, complete } = await expectedCallers(accountId, judgedCallers.judged, now);
  return { ...judgedCallers, judged, rhythmsComplete: complete };
}

/**
 * The callers with the verdicts that the rhythm of those that wait gives. What is expected of all others is left for those few
 * that are shown: of thousands, learning it takes seconds.
 */
export async function withOverdue(
  accountId: string,
  judgedCallers: JudgedCallers,
  now: Date,
): Promise<JudgedCallers> {
  const silent = judgedCallers.judged.filter(({ verdict }) => verdict === "waiting");
  const { judged: expected, complete } = await expectedCallers(accountId, silent, now);
  const byId = new Map(expected.map((each) => [each.caller.id, each]));
  const judged = judgedCallers.judged.map((each) => byId.get(each.caller.id) ?? each);
  return { ...judgedCallers, judged, rhythmsComplete: complete };
}

/** Whether a caller needs the token already: it is enforced on its instance, or on all but known callers. */
export function isEnforcedFor(
  { instanceEnforced, inGrace }: Pick<CallerRow, "instanceEnforced" | "inGrace">,
  enforcement: Enforcement,
): boolean {
  return (enforcement === "grace" && !inGrace) || isEnforced(enforcement, instanceEnforced);
}

/** Callers that enforcing the token on their instance would ask for more than now. */
export function notYetDemanded({ judged, enforcement }: JudgedCallers): Judged<CallerRow>[] {
  return judged.filter(({ caller }) => !isEnforcedFor(caller, enforcement));
}

/** How ready each instance is. Strangers that known callers only has shut out already keep none from being so. */
export function readinessOf({ judged, enforcement }: JudgedCallers): Map<string, InstanceReadiness> {
  const isStranger = ({ instanceEnforced, inGrace }: CallerRow) =>
    enforcement === "grace" && !instanceEnforced && !inGrace;
  return readinessByInstance(judged.filter(({ caller }) => !isStranger(caller)));
}
