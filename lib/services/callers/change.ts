import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import type { CallerLabel } from "@/lib/domain/caller-view";
import { Refusal } from "@/lib/domain/errors";
import { isDismissed } from "@/lib/domain/preflight";
import type { AuditRecord } from "../audit/append";
import { optionalNameSchema } from "../parse";
import { changeUseCase } from "../use-case";

/** Derived from what a caller is, so without the version that z.uuid() asks for. */
const idSchema = z.guid();

/** A caller as far as a trail names it. */
interface NamedCaller extends Omit<CallerLabel, "others"> {
  readonly id: string;
}

/** A caller as far as a change needs it. */
interface FoundCaller extends NamedCaller {
  readonly lastSeenAt: Date;
  readonly dismissedAt: Date | null;
  readonly leftOutAt: Date | null;
}

const known = {
  id: true,
  name: true,
  agent: true,
  address: true,
  lastSeenAt: true,
  dismissedAt: true,
  leftOutAt: true,
} as const;

/**
 * The account's caller of this id. Those beyond the limits are many in one row: they have no name and do not
 * go.
 *
 * @throws Refusal `not_found`, the same for an id that does not exist and for one of another account
 */
async function findCaller(
  tx: Pick<Transaction, "caller">,
  accountId: string,
  callerId: string,
): Promise<FoundCaller> {
  const found = idSchema.safeParse(callerId).success
    ? await tx.caller.findFirst({ where: { id: callerId, accountId, others: false }, select: known })
    : null;
  if (!found) throw new Refusal("not_found");
  return found;
}

/** A caller in a few words, for the audit trail: its name, or program and address. */
function callerLabel({ name, agent, address }: NamedCaller): string {
  return name ?? ([agent, address].filter(Boolean).join(" · ") || "?");
}

/** An audit record about a caller. */
export function callerEvent(action: AuditAction, caller: NamedCaller, details?: AuditDetails): AuditRecord {
  return { action, targetType: "caller", targetId: caller.id, targetLabel: callerLabel(caller), details };
}

/**
 * Gives a caller a name that people know it by; an empty one takes the name away.
 *
 * @throws Refusal `not_found`, or `invalid` (name)
 */
export const nameCaller = changeUseCase({
  permission: "caller.change",
  altersDecision: false,
  input: z.object({ callerId: z.string(), name: optionalNameSchema }),
  run: async ({ tx, account }, { callerId, name }) => {
    const caller = await findCaller(tx, account.id, callerId);
    if (caller.name === name) return { result: undefined, event: null };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data: { name } });
    const event = callerEvent("caller.named", { ...caller, name }, { from: callerLabel(caller) });
    return { result: undefined, event };
  },
});

/**
 * Takes a caller for gone: it counts no more, until it calls again. `lastSeenAt` is when it was last heard, as the
 * person saw it: a call that came in since is news to them, so the caller stays.
 *
 * @returns `calledAgain`: such a call came in, and nothing was changed
 * @throws Refusal `not_found`, `invalid`
 */
export const dismissCaller = changeUseCase({
  permission: "caller.change",
  altersDecision: false,
  input: z.object({ callerId: z.string(), lastSeenAt: z.date() }),
  run: async ({ tx, account }, { callerId, lastSeenAt }) => {
    const caller = await findCaller(tx, account.id, callerId);
    const calledAgain = !isDismissed(caller) && caller.lastSeenAt > lastSeenAt;
    const result = { calledAgain };
    if (calledAgain || isDismissed(caller)) return { result, event: null };
    const data = { dismissedAt: caller.lastSeenAt };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data });
    return { result, event: callerEvent("caller.dismissed", caller) };
  },
});

/**
 * Takes back that a caller is gone.
 *
 * @throws Refusal `not_found`
 */
export const restoreCaller = changeUseCase({
  permission: "caller.change",
  altersDecision: false,
  input: z.object({ callerId: z.string() }),
  run: async ({ tx, account }, { callerId }) => {
    const caller = await findCaller(tx, account.id, callerId);
    if (!isDismissed(caller)) return { result: undefined, event: null };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data: { dismissedAt: null } });
    return { result: undefined, event: callerEvent("caller.restored", caller) };
  },
});

/**
 * Says that a caller does not belong here: however often it calls, nobody waits for it, it is no known caller, and its
 * verdict keeps nothing from happening. It gets in as before until the token is enforced.
 *
 * @throws Refusal `not_found`
 */
export const leaveOutCaller = changeUseCase({
  permission: "caller.change",
  altersDecision: false,
  input: z.object({ callerId: z.string() }),
  run: async ({ tx, account }, { callerId }) => {
    const caller = await findCaller(tx, account.id, callerId);
    if (caller.leftOutAt !== null) return { result: undefined, event: null };
    const data = { leftOutAt: new Date() };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data });
    return { result: undefined, event: callerEvent("caller.left_out", caller) };
  },
});

/**
 * Takes back that a caller does not belong here.
 *
 * @throws Refusal `not_found`
 */
export const takeBackCaller = changeUseCase({
  permission: "caller.change",
  altersDecision: false,
  input: z.object({ callerId: z.string() }),
  run: async ({ tx, account }, { callerId }) => {
    const caller = await findCaller(tx, account.id, callerId);
    if (caller.leftOutAt === null) return { result: undefined, event: null };
    await tx.caller.update({ where: { id: caller.id, accountId: account.id }, data: { leftOutAt: null } });
    return { result: undefined, event: callerEvent("caller.taken_back", caller) };
  },
});
