import { readAccountFacts } from "@/lib/db/account-facts";
import { nextStep, type OverviewView } from "@/lib/domain/security-token";
import { newestEvents } from "./audit/list";
import { readSecurityToken } from "./security-token/token";
import { readUseCase } from "./use-case";

/**
 * What the overview shows: the token's state, paused instances, who was rejected, the next step and the newest events.
 */
export const readOverview = readUseCase({
  permission: "account.read",
  run: async (actor): Promise<OverviewView> => {
    const { accountId } = actor;
    const [token, { pausedInstances, rejected }, recent] = await Promise.all([
      readSecurityToken(actor),
      readAccountFacts(accountId),
      newestEvents(actor),
    ]);
    return { token, pausedInstances, rejected, nextStep: nextStep(token), recent };
  },
});
