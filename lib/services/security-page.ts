import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { can } from "@/lib/domain/permissions";
import type { SecurityPageView } from "@/lib/domain/security-page";
import { shownName } from "@/lib/domain/seen-text";
import { watchAfterActivation } from "./callers/after-activation";
import { readPreflight } from "./callers/preflight";
import { lenient } from "./parse";
import { readArmed } from "./security-token/armed";
import { listEnforcement } from "./security-token/enforcement";
import { readGrace } from "./security-token/grace";
import { readConfirmation, readSecurityToken } from "./security-token/token";
import { readUseCase } from "./use-case";

/** What the page is narrowed to, as the address bar has it: what makes no sense there means the default. */
const schema = z.object({
  callers: z.unknown().optional(),
  caller: z.unknown().optional(),
  shown: z.unknown().optional(),
  search: z.unknown().optional(),
  page: lenient(z.coerce.number().int().min(1).max(1_000_000).catch(1)),
});

/**
 * All that the Security page shows, read at once: what it says of the token and of callers belongs together. A second
 * may pass until a gate has written down what it saw.
 */
export const readSecurityPage = readUseCase({
  permission: "token.read",
  input: schema,
  run: async (actor, { callers: filter, caller, shown, search, page }): Promise<SecurityPageView> => {
    const { accountId, role } = actor;
    const [facts, token, enforcement, preflight, armed, grace, watch, confirmation] = await Promise.all([
      readAccountFacts(accountId),
      readSecurityToken(actor),
      listEnforcement(actor, { search, page }),
      readPreflight(actor, { filter, search: caller, shown }),
      readArmed(accountId),
      readGrace(actor),
      watchAfterActivation(actor),
      readConfirmation(actor),
    ]);
    const listed = new Set(enforcement.items.map(({ id }) => id));
    // Thousands of instances would be most of the page, and of every reading of it.
    const readiness = new Map([...(preflight?.readiness ?? [])].filter(([id]) => listed.has(id)));
    return {
      token,
      newestInstances: facts.newest.map(({ name, ...rest }) => ({ ...rest, name: shownName(name) })),
      pausedInstances: facts.pausedInstances,
      rejected: facts.rejected,
      enforcement,
      preflight: preflight && { ...preflight, readiness },
      armed,
      grace,
      watch,
      confirmation,
      may: {
        changeToken: can(role, "token.change"),
        changeCallers: can(role, "caller.change"),
        revealInstances: can(role, "instance.reveal"),
      },
    };
  },
});
