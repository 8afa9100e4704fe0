import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerDetails, type CallerRow, readCallerDetails, readOldTokenHours } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import { readInstanceNames } from "@/lib/db/instances";
import type { Transaction } from "@/lib/db/transaction";
import {
  type ActivationForecast,
  type CallerHours,
  type CallerView,
  callerFilters,
  callersPerStep,
  listCallers,
  mostCallersShown,
  type OldTokenCaller,
  type PreflightView,
  type RotationProgress,
} from "@/lib/domain/caller-view";
import { isReady, readinessByInstance } from "@/lib/domain/enforcement";
import {
  countUnchecked,
  isDismissed,
  isSetAside,
  type Judged,
  readyShare,
  summarise,
} from "@/lib/domain/preflight";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import { sendsOldToken } from "@/lib/domain/rotation";
import { hourMs, hourOf, trafficSince } from "@/lib/domain/traffic";
import { findInstance } from "../instances/find";
import { lenient, searchSchema } from "../parse";
import { readUseCase } from "../use-case";
import { forecast, isEnforcedFor, type JudgedCallers, judgeCallers, withExpectations } from "./judge";

const hoursShown = 24;

/** A caller's last 24 hours, those without requests too. */
function lastHours({ hours }: CallerDetails, now: Date): CallerHours {
  const start = hourOf(now.getTime()) - (hoursShown - 1) * hourMs;
  const found = new Map(hours.map(([hour, live, other]) => [hour, [live, other] as const]));
  const rows = Array.from({ length: hoursShown }, (_, index) => found.get(start + index * hourMs) ?? [0, 0]);
  return {
    start: new Date(start),
    live: rows.map(([live]) => live),
    other: rows.map(([, other]) => other),
  };
}

/** Names that the dialog shows; the rest is counted. */
const named = 5;

/** Some of the instances that activating on ready ones would enforce, newest first. Says nothing about who may know. */
async function readReadyNames(accountId: string, { judged, enforcement }: JudgedCallers): Promise<string[]> {
  if (enforcement === "on") return [];
  const unready = [...readinessByInstance(judged)].flatMap(([id, readiness]) =>
    isReady(readiness) ? [] : [id],
  );
  return readInstanceNames(accountId, { except: unready, chosenToo: enforcement === "off", most: named });
}

/** Callers that are named; the rest is counted. */
const sendersNamed = 10;

function toView({ id, name, agent, address, others, instanceName, lastSeenAt }: CallerRow): OldTokenCaller {
  return { id, name, agent, address, others, instanceName, lastSeenAt };
}

/** The ids of the callers that still send the old token, dismissed ones too; null while no rotation is under way. */
async function findOldTokenCallers(
  accountId: string,
  { judged, rotatedAt }: JudgedCallers,
  now: Date,
  tx: Transaction | null = null,
): Promise<ReadonlySet<string> | null> {
  if (rotatedAt === null) return null;
  const hours = await readOldTokenHours(accountId, rotatedAt, now, tx);
  const old = judged.filter(({ caller }) => {
    const facts = { ...caller, oldRecently: hours.has(caller.id), newBefore: hours.get(caller.id) ?? false };
    return sendsOldToken(facts, rotatedAt, now);
  });
  return new Set(old.map(({ caller }) => caller.id));
}

/** Who still sends the old token, those whom ending it would reject first. */
function rotationProgress(
  { judged, enforcement }: JudgedCallers,
  old: ReadonlySet<string>,
): RotationProgress {
  const sending = judged.map(({ caller }) => caller).filter((each) => old.has(each.id) && !isSetAside(each));
  const enforced = sending.filter((caller) => isEnforcedFor(caller, enforcement));
  const rest = sending.filter((caller) => !isEnforcedFor(caller, enforcement));
  const own = [...enforced, ...rest].filter(({ others }) => !others);
  return {
    callers: own.slice(0, sendersNamed).map(toView),
    total: own.length,
    others: sending.length - own.length,
    enforced: enforced.length,
  };
}

/** Whether anybody still sends the old token of the rotation under way. Says nothing about who may know. */
export async function isOldTokenSent(tx: Transaction, accountId: string, now: Date): Promise<boolean> {
  const found = await judgeCallers(accountId, now, tx);
  const old = found && (await findOldTokenCallers(accountId, found, now, tx));
  if (!found || !old) return false;
  const { total, others } = rotationProgress(found, old);
  return total + others > 0;
}

/**
 * The callers that send the old token of the rotation under way where its end rejects them, others too. Says nothing
 * about who may know.
 */
export async function findOldTokenSenders(
  tx: Transaction,
  accountId: string,
  now: Date,
): Promise<readonly CallerRow[]> {
  const found = await judgeCallers(accountId, now, tx);
  const old = found && (await findOldTokenCallers(accountId, found, now, tx));
  if (!found || !old) return [];
  const { enforcement } = found;
  const callers = found.judged.map(({ caller }) => caller).filter((each) => old.has(each.id));
  return callers.filter(
    (each) => !isDismissed(each) && (enforcement === "grace" || isEnforcedFor(each, enforcement)),
  );
}

/** All come from the address bar: what makes no sense there means the default. */
const schema = z.object({
  filter: lenient(z.enum(callerFilters).catch("all")),
  search: searchSchema,
  shown: lenient(z.coerce.number().int().min(callersPerStep).max(mostCallersShown).catch(callersPerStep)),
});

/** Which of the two tokens of a rotation a caller sends, as far as it sends one. */
function rotationOf({ id, lastToken }: CallerRow, old: ReadonlySet<string> | null): CallerView["rotation"] {
  if (old === null || !isLiveToken(lastToken)) return null;
  return old.has(id) ? "old" : "new";
}

async function toViews(
  accountId: string,
  judged: readonly Judged<CallerRow>[],
  old: ReadonlySet<string> | null,
  now: Date,
): Promise<CallerView[]> {
  const ids = judged.map(({ caller }) => caller.id);
  const details = await readCallerDetails(accountId, ids, trafficSince("day", now));
  return judged.flatMap(({ caller, verdict, expectation }) => {
    const rest = details.get(caller.id);
    if (!rest) return [];
    const { id, instanceId, instanceName, others, name, address, agent } = caller;
    const { firstSeenAt, lastSeenAt, lastToken, notLiveAt } = caller;
    return [
      {
        ...{ id, instanceId, instanceName, others, name, address, agent },
        ...{ firstSeenAt, lastSeenAt, lastToken, notLiveAt },
        ...rest,
        verdict,
        expectation,
        rotation: rotationOf(caller, old),
        dismissed: isDismissed(caller),
        leftOut: caller.leftOutAt !== null,
        hours: lastHours(rest, now),
      },
    ];
  });
}

/**
 * What enforcing one instance would do to its callers; null while there is no token.
 *
 * @throws Refusal `not_found`
 */
export const forecastInstance = readUseCase({
  permission: "caller.read",
  input: z.object({ instanceId: z.string() }),
  run: async ({ accountId }, { instanceId }): Promise<ActivationForecast | null> => {
    const now = new Date();
    const instance = await findInstance(db, accountId, instanceId);
    const found = await judgeCallers(accountId, now);
    if (!found) return null;
    const judgedCallers = await withExpectations(accountId, found, now);
    const { id, enforced } = instance;
    return { ...forecast(judgedCallers, [{ enforced, count: 1 }], id), readyNames: [] };
  },
});

/**
 * Who calls, and what would become of each if the token were enforced now; null while there is no token. A
 * second may pass until a gate has written down what it saw.
 */
export const readPreflight = readUseCase({
  permission: "caller.read",
  input: schema,
  run: async ({ accountId }, { filter, search, shown }): Promise<PreflightView | null> => {
    const now = new Date();
    const [found, { instances }] = await Promise.all([
      judgeCallers(accountId, now),
      readAccountFacts(accountId),
    ]);
    if (!found) return null;
    const judgedCallers = await withExpectations(accountId, found, now);
    const { judged, since, enforcement } = judgedCallers;
    const isEnforced = (caller: CallerRow) => isEnforcedFor(caller, enforcement);
    const coming = forecast(judgedCallers, instances);
    const [old, readyNames] = await Promise.all([
      findOldTokenCallers(accountId, judgedCallers, now),
      coming.readyInstances > 0 ? readReadyNames(accountId, judgedCallers) : [],
    ]);
    const { listed, counts: listedCounts } = listCallers(judged, { filter, search });
    return {
      ...summarise(judged, isEnforced),
      since,
      unchecked: countUnchecked(judged, since),
      share: readyShare(judged, ({ requests }) => requests),
      filter,
      search,
      listedCounts,
      known: judged.length,
      callers: await toViews(accountId, listed.slice(0, shown), old, now),
      matching: listed.length,
      forecast: { ...coming, readyNames },
      rotation: old && rotationProgress(judgedCallers, old),
      readiness: readinessByInstance(judged),
      rhythmsComplete: judgedCallers.rhythmsComplete,
    };
  },
});
