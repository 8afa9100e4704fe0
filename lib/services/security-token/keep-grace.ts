import { readAccountFacts } from "@/lib/db/account-facts";
import { db } from "@/lib/db/client";
import { type KnownProgress, readKnownProgress, readTokenlessRhythms, writeLiveSince } from "@/lib/db/grace";
import type { StoredAccount, Transaction } from "@/lib/db/transaction";
import { graceEnds, shortestRatchetMs, tokenSince } from "@/lib/domain/grace";
import { type Evidence, evidenceOf } from "@/lib/domain/preflight-evidence";
import type { Rhythm } from "@/lib/domain/rhythm";
import { callerEvent } from "../callers/change";
import { changeInTime, type Duty, type TimelyOutcome } from "../use-case";
import { enforceEverywhere } from "./enforcement";
import { currentToken, tokenEvent } from "./token";

/** Rhythms of those that send the token, by caller and since when: they do not change while it sends nothing else. */
const rhythms = new Map<string, Rhythm>();

/** Rhythms held, of all accounts: some 250 bytes each. */
const mostHeld = 20_000;

/** Callers whose hours one look reads: some tenths of a second with a full month of each. The next look reads on. */
const mostAtOnce = 500;

const keyOf = ({ id, liveSince }: KnownProgress) => `${id} ${liveSince?.getTime()}`;

/** Callers whose grace ends at one look, each with an event; the next look ends more. */
const mostEnded = 100;

/** Learns the rhythms of callers that have sent the token for as long as the quickest has to. */
async function learnRhythms(accountId: string, callers: readonly KnownProgress[]): Promise<void> {
  const unknown = callers.filter((each) => !rhythms.has(keyOf(each))).slice(0, mostAtOnce);
  const ids = unknown.map(({ id }) => id);
  const read = await readTokenlessRhythms(accountId, ids);
  for (const each of unknown) {
    const rhythm = read.get(each.id);
    if (rhythm) rhythms.set(keyOf(each), rhythm);
  }
  for (const key of rhythms.keys()) {
    if (rhythms.size <= mostHeld) break;
    rhythms.delete(key);
  }
}

/** What this look finds of some known callers: since when each sends the token where that is news, and who needs it now. */
function lookAt(callers: readonly KnownProgress[], evidence: Evidence, now: Date) {
  const changed: { id: string; since: Date | null }[] = [];
  const ended: KnownProgress[] = [];
  for (const caller of callers) {
    const since = tokenSince(caller, caller.liveSince, evidence);
    if (since?.getTime() !== caller.liveSince?.getTime()) {
      changed.push({ id: caller.id, since });
      continue;
    }
    const rhythm = rhythms.get(keyOf(caller));
    if (rhythm && graceEnds(caller, rhythm, evidence, since, now)) ended.push(caller);
  }
  return { changed, ended: ended.slice(0, mostEnded) };
}

async function readEvidence(accountId: string, now: Date, tx: Transaction | null): Promise<Evidence | null> {
  const { tokens } = await readAccountFacts(accountId, tx);
  return evidenceOf(
    tokens.map((token) => ({ ...token, current: token.state === "current" })),
    now,
  );
}

/** From the end of the time on the token is enforced everywhere; gates did so at that very moment, this says it for good. */
async function enforceForGood(tx: Transaction, account: StoredAccount, now: Date): Promise<TimelyOutcome> {
  await enforceEverywhere(tx, account.id);
  await tx.account.update({ where: { id: account.id }, data: { activatedAt: now } });
  const token = await currentToken(tx, account.id);
  const instances = await tx.instance.count({ where: { accountId: account.id } });
  return { events: [tokenEvent("token.activated", token, { instances })], altersDecision: true };
}

/** Notes who sends the token, and ends the grace of those that have for long enough, as it is at this moment. */
async function look(tx: Transaction, accountId: string, now: Date): Promise<TimelyOutcome> {
  const evidence = await readEvidence(accountId, now, tx);
  if (evidence === null) return nothing;
  const { changed, ended } = lookAt(await readKnownProgress(accountId, tx), evidence, now);
  if (changed.length > 0) await writeLiveSince(tx, accountId, changed);
  if (ended.length === 0) return nothing;
  await tx.knownCaller.updateMany({
    where: { accountId, id: { in: ended.map(({ id }) => id) }, endedAt: null },
    data: { endedAt: now, endedBy: "token" },
  });
  await tx.account.update({ where: { id: accountId }, data: { activatedAt: now } });
  const events = ended.map((each) => callerEvent("caller.grace_ended", each, { by: "token" }));
  return { events, altersDecision: true };
}

const nothing: TimelyOutcome = { events: [], altersDecision: false };

/** True when the account would have to be changed; says so without holding it. Learns rhythms on the way. */
async function isDue(accountId: string, now: Date): Promise<boolean> {
  const evidence = await readEvidence(accountId, now, null);
  if (evidence === null) return false;
  const callers = await readKnownProgress(accountId);
  const ripe = callers.filter(
    ({ liveSince, liveAt }) =>
      liveSince !== null && liveAt !== null && liveAt.getTime() - liveSince.getTime() >= shortestRatchetMs,
  );
  await learnRhythms(accountId, ripe);
  const { changed, ended } = lookAt(callers, evidence, now);
  return changed.length + ended.length > 0;
}

const isOver = ({ graceUntil }: Pick<StoredAccount, "graceUntil">, now: Date) =>
  graceUntil === null || graceUntil <= now;

/**
 * While known callers only get in without the token: those that have sent it for long enough need it from now on, and at
 * the end of the time everybody does. The account is held only when something is due.
 */
export const keepGrace: Duty = {
  name: "keep grace",
  accounts: async () => {
    const found = await db.account.findMany({ where: { enforcement: "grace" }, select: { id: true } });
    return found.map(({ id }) => id);
  },
  run: async (accountId, now) => {
    const seen = await db.account.findUnique({ where: { id: accountId } });
    if (seen?.enforcement !== "grace" || (!isOver(seen, now) && !(await isDue(accountId, now)))) return;
    await changeInTime(accountId, async (tx, account) => {
      if (account.enforcement !== "grace") return nothing;
      return isOver(account, now) ? enforceForGood(tx, account, now) : look(tx, accountId, now);
    });
  },
};
