import { readAccountFacts } from "@/lib/db/account-facts";
import { readStoppedCallers, type StoppedRow } from "@/lib/db/callers";
import { stoppedWorking, watchedUntil, watchMs } from "@/lib/domain/after-activation";
import { type Enforcement, isEnforced } from "@/lib/domain/enforcement";
import type { StoppedCaller, WatchView } from "@/lib/domain/rejection";
import { readUseCase } from "../use-case";

/** Callers that are named, and those that are counted at most. */
const named = 8;
const counted = 200;

function toStopped(row: StoppedRow, enforcement: Enforcement, since: Date, now: Date): StoppedCaller[] {
  const stopped = stoppedWorking(
    { ...row, enforced: isEnforced(enforcement, row.instanceEnforced) },
    since,
    now,
  );
  if (!stopped) return [];
  const { id, instanceId, instanceName, name, agent, userAgent, address, others, rejectedAt } = row;
  return [{ ...stopped, id, instanceId, instanceName, name, agent, userAgent, address, others, rejectedAt }];
}

/**
 * For a day after an activation: who worked before and is rejected now. null when nobody is watched. A second
 * may pass until a gate has written down what it saw.
 */
export const watchAfterActivation = readUseCase({
  permission: "caller.read",
  run: async ({ accountId }): Promise<WatchView | null> => {
    const now = new Date();
    const { enforcement, activatedAt, tokens } = await readAccountFacts(accountId);
    const ended = tokens.flatMap(({ retireAt }) => (retireAt && retireAt <= now ? [retireAt.getTime()] : []));
    const retireAt = ended.length > 0 ? new Date(Math.max(...ended)) : null;
    const until = watchedUntil({ enforced: enforcement !== "off", activatedAt, retireAt }, now);
    if (!until) return null;
    const rows = await readStoppedCallers(accountId, enforcement === "on", now, counted + 1);
    const since = new Date(until.getTime() - watchMs);
    const stopped = rows.flatMap((row) => toStopped(row, enforcement, since, now));
    return {
      until,
      callers: stopped.slice(0, named),
      total: Math.min(stopped.length, counted),
      more: rows.length > counted,
    };
  },
});
