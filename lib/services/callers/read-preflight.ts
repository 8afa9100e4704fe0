import { z } from "zod";
import { type CallerRow, readCallerDetails, readCallerRequests } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { listCallers } from "@/lib/domain/caller-list";
import {
  type ActivationForecast,
  type CallerView,
  callerFilters,
  callersPerStep,
  mostCallersShown,
  type PreflightView,
} from "@/lib/domain/caller-view";
import { readinessByInstance } from "@/lib/domain/instance-readiness";
import { isDismissed, type Judged, readyShare, summarise } from "@/lib/domain/preflight";
import { isLiveToken } from "@/lib/domain/seen-token";
import { trafficSince } from "@/lib/domain/traffic";
import { countUnchecked } from "@/lib/domain/unchecked-callers";
import { authorize } from "../authorize";
import { findInstance } from "../instances/find";
import { searchSchema } from "../name-schema";
import { parse } from "../parse";
import { forecast } from "./forecast";
import { hoursOf } from "./hours";
import { isCovered, judgeCallers } from "./judge-callers";
import { readReadyNames } from "./ready-names";
import { findOldTokenCallers, rotationProgress } from "./rotation-progress";

/** All come from the address bar: what makes no sense there means the default. */
const schema = z.object({
  filter: z.enum(callerFilters).catch("all"),
  search: searchSchema,
  shown: z.coerce.number().int().min(callersPerStep).max(mostCallersShown).catch(callersPerStep),
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
  const { details, hours } = await readCallerDetails(accountId, ids, trafficSince("day", now));
  return judged.flatMap(({ caller, verdict }) => {
    const rest = details.get(caller.id);
    if (!rest) return [];
    const dismissed = isDismissed(caller);
    const rotation = rotationOf(caller, old);
    return [{ ...caller, ...rest, verdict, rotation, dismissed, hours: hoursOf(caller.id, hours, now) }];
  });
}

const instanceSchema = z.object({ instanceId: z.string() });

/**
 * What demanding the token on one instance would do to its callers; null while there is no token.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export async function forecastInstance(
  actor: Actor,
  input: { instanceId: string },
): Promise<ActivationForecast | null> {
  authorize(actor, "caller.read");
  const { instanceId } = parse(instanceSchema, input);
  const { accountId } = actor;
  const now = new Date();
  const instance = await findInstance(db, accountId, instanceId);
  const [judgedCallers, requests] = await Promise.all([
    judgeCallers(accountId, now),
    readCallerRequests(accountId, trafficSince("day", now)),
  ]);
  if (!judgedCallers) return null;
  const { enforced } = instance;
  return forecast(judgedCallers, [{ enforced, _count: 1 }], [], requests, instance.id);
}

/**
 * Who calls, and what would become of each if the token were demanded now; null while there is no token. A
 * second may pass until a gate has written down what it saw.
 *
 * @throws Refusal `forbidden`
 */
export async function readPreflight(
  actor: Actor,
  input: { filter?: string | undefined; search?: string | undefined; shown?: string | undefined } = {},
): Promise<PreflightView | null> {
  authorize(actor, "caller.read");
  const { filter, search, shown } = parse(schema, input);
  const { accountId } = actor;
  const now = new Date();
  const [judgedCallers, requests, instances] = await Promise.all([
    judgeCallers(accountId, now),
    readCallerRequests(accountId, trafficSince("day", now)),
    db.instance.groupBy({ by: ["enforced"], where: { accountId }, _count: true }),
  ]);
  if (!judgedCallers) return null;
  const { judged, since, enforcement } = judgedCallers;
  const covered = (caller: CallerRow) => isCovered(caller, enforcement);
  const [old, readyNames] = await Promise.all([
    findOldTokenCallers(accountId, judgedCallers, now),
    readReadyNames(accountId, judgedCallers),
  ]);
  const { listed, counts: listedCounts } = listCallers(judged, { filter, search });
  return {
    ...summarise(judged, covered),
    since,
    unchecked: countUnchecked(judged, since),
    share: readyShare(judged, ({ id }) => requests.get(id) ?? 0),
    filter,
    search,
    listedCounts,
    known: judged.length,
    callers: await toViews(accountId, listed.slice(0, shown), old, now),
    matching: listed.length,
    forecast: forecast(judgedCallers, instances, readyNames, requests),
    rotation: old && rotationProgress(judgedCallers, old),
    readiness: readinessByInstance(judged),
  };
}
