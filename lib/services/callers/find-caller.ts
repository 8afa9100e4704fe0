import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { AuditRecord } from "../audit/append";

/** Derived from what a caller is, so without the version that z.uuid() asks for. */
const idSchema = z.guid();

/** A caller as far as a change needs it. */
export interface KnownCaller {
  readonly id: string;
  readonly name: string | null;
  readonly agent: string;
  readonly address: string | null;
  readonly lastSeenAt: Date;
  readonly dismissedAt: Date | null;
}

/**
 * The account's caller of this id. Those beyond the limits are many in one row: they have no name and do not
 * go.
 *
 * @throws Refusal `not_found`, the same for an id that does not exist and for one of another account
 */
export async function findCaller(
  tx: Pick<Transaction, "caller">,
  accountId: string,
  callerId: string,
): Promise<KnownCaller> {
  const found = idSchema.safeParse(callerId).success
    ? await tx.caller.findFirst({
        where: { id: callerId, accountId, others: false },
        select: { id: true, name: true, agent: true, address: true, lastSeenAt: true, dismissedAt: true },
      })
    : null;
  if (!found) throw new Refusal("not_found");
  return found;
}

/** A caller in a few words, for the audit trail: its name, or program and address. */
export function callerLabel({
  name,
  agent,
  address,
}: Pick<KnownCaller, "name" | "agent" | "address">): string {
  return name ?? ([agent, address].filter(Boolean).join(" · ") || "?");
}

/** An audit record about a caller. */
export function callerEvent(action: AuditAction, caller: KnownCaller, details?: AuditDetails): AuditRecord {
  return {
    action,
    targetType: "caller",
    targetId: caller.id,
    targetLabel: callerLabel(caller),
    ...(details && { details }),
  };
}
