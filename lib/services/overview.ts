import { readAccountFacts } from "@/lib/db/account-facts";
import type { Actor } from "@/lib/domain/actor";
import { type OverviewView, type TroubledCallers, troubledCallers } from "@/lib/domain/overview";
import { nextStep } from "@/lib/domain/security-token";
import { newestEvents } from "./audit/list";
import { watchAfterActivation } from "./callers/after-activation";
import { expectedCallers, isEnforcedFor, judgeCallers, withOverdue } from "./callers/judge";
import { readSecurityToken } from "./security-token/token";
import { readUseCase } from "./use-case";

/** Who needs a hand, judged as the Security page does; null while there is no token. */
async function readTroubled(actor: Actor): Promise<TroubledCallers | null> {
  const now = new Date();
  const { accountId } = actor;
  const [watch, found] = await Promise.all([watchAfterActivation(actor), judgeCallers(accountId, now)]);
  if (!found) return null;
  const { judged, enforcement } = await withOverdue(accountId, found, now);
  const troubled = troubledCallers(judged, watch?.callers ?? [], (each) => isEnforcedFor(each, enforcement));
  const named = new Set(troubled.callers.map(({ id }) => id));
  const shown = judged.filter(({ caller }) => named.has(caller.id));
  const expected = (await expectedCallers(accountId, shown, now)).judged;
  const expectations = new Map(expected.map(({ caller, expectation }) => [caller.id, expectation]));
  const callers = troubled.callers.map((each) => ({
    ...each,
    expectation: expectations.get(each.id) ?? null,
  }));
  return { ...troubled, callers };
}

/**
 * What the overview shows: the token's state, paused instances, who was rejected, the next step, who needs a hand, and the
 * newest events.
 */
export const readOverview = readUseCase({
  permission: "account.read",
  run: async (actor): Promise<OverviewView> => {
    const { accountId } = actor;
    const [token, { pausedInstances, rejected, armedAt }, troubled, recent] = await Promise.all([
      readSecurityToken(actor),
      readAccountFacts(accountId),
      readTroubled(actor),
      newestEvents(actor),
    ]);
    return {
      token,
      pausedInstances,
      rejected,
      nextStep: nextStep(token),
      armed: armedAt !== null,
      troubled,
      recent,
    };
  },
});
