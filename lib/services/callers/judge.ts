import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerRow, readCallers } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import { type Enforcement, isEnforced } from "@/lib/domain/enforcement";
import { blocks, breaks, isDismissed, type Judged, judge } from "@/lib/domain/preflight";
import { evidenceOf, type TokenSpan } from "@/lib/domain/preflight-evidence";

/** An account's callers with their verdicts, and what these rest on. */
export interface JudgedCallers {
  /** The current token that they were judged by. */
  readonly tokenId: string;
  readonly since: Date;
  /** When the rotation that is under way began; null without one. */
  readonly rotatedAt: Date | null;
  readonly enforcement: Enforcement;
  readonly judged: readonly Judged<CallerRow>[];
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
  return { tokenId: current.id, since: evidence.live, rotatedAt, enforcement, judged };
}

/** Whether the token is enforced on a caller's instance already. */
export function isEnforcedFor({ instanceEnforced }: CallerRow, enforcement: Enforcement): boolean {
  return isEnforced(enforcement, instanceEnforced);
}

/** Callers that the confirming dialog names; the rest is counted. */
const named = 5;

/**
 * Callers on instances on which the token is not enforced yet, or on one of these, and of them the ones that were not called
 * gone.
 */
function openCallers({ judged, enforcement }: JudgedCallers, instanceId: string | null = null) {
  const isAsked = (id: string) => instanceId === null || id === instanceId;
  const all = judged.filter(
    ({ caller }) => isAsked(caller.instanceId) && !isEnforcedFor(caller, enforcement),
  );
  return { all, open: all.filter(({ caller }) => !isDismissed(caller)) };
}

/**
 * Whether activating everywhere, or on one instance, would reject a caller that gets through now, or may, since it was
 * not heard since.
 */
export function mayBreakSomebody(judgedCallers: JudgedCallers, instanceId: string | null = null): boolean {
  return openCallers(judgedCallers, instanceId).open.some(blocks);
}

/** Those that worked and were not heard since, by name as far as there are few. */
function unprovenOf(open: JudgedCallers["judged"]): ActivationForecast["unproven"] {
  const unproven = open.filter((each) => each.unproven).map(({ caller }) => caller);
  const own = unproven.filter(({ others }) => !others);
  return {
    callers: own.slice(0, named).map((caller) => {
      const { id, name, agent, address, others, instanceName, lastToken, lastSeenAt, requests } = caller;
      return { id, name, agent, address, others, instanceName, lastToken, lastSeenAt, requests };
    }),
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
    callers: own.slice(0, named).map(({ caller, verdict }) => {
      const { id, name, agent, address, others, instanceName, lastToken, notLiveAt } = caller;
      return { id, name, agent, address, others, instanceName, lastToken, notLiveAt, verdict };
    }),
    total: own.length,
    others: breaking.length - own.length,
    unproven: unprovenOf(open),
    unchecked: open.filter(
      ({ caller, verdict, unproven }) => verdict === "quiet" && !unproven && !caller.others,
    ).length,
    dismissed: all.filter(blocks).length - open.filter(blocks).length,
    heard: judged.some(({ caller, verdict }) => verdict !== "quiet" && !isDismissed(caller)),
    readyInstances: openInstances - unreadyInstances,
    unreadyInstances,
  };
}
