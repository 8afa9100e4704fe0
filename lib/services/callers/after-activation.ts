import { type AccountFacts, readAccountFacts } from "@/lib/db/account-facts";
import { readStoppedCallers, type StoppedRow } from "@/lib/db/callers";
import type { Transaction } from "@/lib/db/transaction";
import { type Stopped, stoppedWorking, watchedUntil, watchMs } from "@/lib/domain/after-activation";
import { type Enforcement, isEnforced } from "@/lib/domain/enforcement";
import type { StoppedCaller, WatchView } from "@/lib/domain/rejection";
import { readUseCase } from "../use-case";

/** Callers that are named, and those that are counted at most. */
const named = 8;
const counted = 200;

/** A caller that worked before and is rejected now. */
interface FoundStopped extends Stopped {
  readonly caller: StoppedRow;
}

/**
 * Who worked before and is rejected now, and how many callers were looked at. Says nothing about who may know.
 *
 * @param since when what ended may first have rejected them
 * @param most callers that are looked at
 * @param tx where to read; null: on any connection
 */
export async function findStopped(
  { accountId, enforcement }: { readonly accountId: string; readonly enforcement: Enforcement },
  since: Date,
  now: Date,
  most: number,
  tx: Transaction | null = null,
): Promise<{ readonly stopped: readonly FoundStopped[]; readonly looked: number }> {
  const everywhere = enforcement === "on";
  const rows = await readStoppedCallers(accountId, everywhere, now, most, tx);
  const stopped = rows.flatMap((caller) => {
    const enforced = caller.graceEnded || isEnforced(enforcement, caller.instanceEnforced);
    const found = stoppedWorking({ ...caller, enforced }, since, now);
    return found ? [{ ...found, caller }] : [];
  });
  return { stopped, looked: rows.length };
}

/** The last end of a token by the clock, or by hand; null without one. */
export function lastEnd(tokens: AccountFacts["tokens"], now: Date): Date | null {
  const ended = tokens.flatMap(({ retireAt }) => (retireAt && retireAt <= now ? [retireAt.getTime()] : []));
  return ended.length > 0 ? new Date(Math.max(...ended)) : null;
}

function toView({ caller, ...stopped }: FoundStopped): StoppedCaller {
  const { id, instanceId, instanceName, name, agent, userAgent, address, others, rejectedAt } = caller;
  return { ...stopped, id, instanceId, instanceName, name, agent, userAgent, address, others, rejectedAt };
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
    const moments = { enforced: enforcement !== "off", activatedAt, retireAt: lastEnd(tokens, now) };
    const until = watchedUntil(moments, now);
    if (!until) return null;
    const since = new Date(until.getTime() - watchMs);
    const { stopped, looked } = await findStopped({ accountId, enforcement }, since, now, counted + 1);
    return {
      until,
      callers: stopped.slice(0, named).map(toView),
      total: Math.min(stopped.length, counted),
      more: looked > counted,
    };
  },
});
