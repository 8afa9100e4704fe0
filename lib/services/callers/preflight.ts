import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerDetails, type CallerRow, readCallerDetails, readRequests } from "@/lib/db/callers";
import { firstRows, listCallers } from "@/lib/domain/caller-list";
import {
  type CallerHours,
  type CallerView,
  callerFilters,
  callersPerStep,
  mostCallersShown,
  type PreflightView,
} from "@/lib/domain/caller-view";
import { countUnchecked, isDismissed, type Judged, readyShare, summarise } from "@/lib/domain/preflight";
import { isLiveToken } from "@/lib/domain/preflight-evidence";
import { hourMs, hourOf, trafficSince } from "@/lib/domain/traffic";
import { lenient, searchSchema } from "../parse";
import { readUseCase } from "../use-case";
import { activationOutlook, findOldTokenSenders, readRotationProgress } from "./consequence";
import { expectedCallers, isEnforcedFor, judgeCallers, readinessOf, withOverdue } from "./judge";

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
  isEnforced: (caller: CallerRow) => boolean,
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
        enforced: isEnforced(caller),
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
    const callers = found.judged.map(({ caller }) => caller);
    const [judgedCallers, requests, senders] = await Promise.all([
      withOverdue(accountId, found, now),
      readRequests(callers, trafficSince("day", now)),
      findOldTokenSenders(accountId, found, now),
    ]);
    const { judged, since, enforcement } = judgedCallers;
    const isEnforced = (caller: CallerRow) => isEnforcedFor(caller, enforcement);
    const old = senders && new Set(senders.sending.map(({ id }) => id));
    const { listed, groups, counts: listedCounts } = listCallers(judged, { filter, search });
    const first = firstRows(listed, { rows: shown, callers: mostCallersShown });
    const shownCallers = (await expectedCallers(accountId, first, now)).judged;
    return {
      ...summarise(judged, isEnforced),
      since,
      unchecked: countUnchecked(judged, since),
      share: readyShare(judged, ({ id }) => requests.get(id) ?? 0),
      filter,
      search,
      listedCounts,
      known: judged.length,
      callers: await toViews(accountId, shownCallers, isEnforced, old, now),
      groups,
      forecast: activationOutlook(judgedCallers, instances),
      rotation: senders && (await readRotationProgress(senders, now)),
      readiness: readinessOf(judgedCallers),
      rhythmsComplete: judgedCallers.rhythmsComplete,
    };
  },
});
