import type { Actor } from "@/lib/domain/actor";
import type { AuditAction } from "@/lib/domain/audit-event";
import { canChange, type TokenChange, tokenStatus } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { AuditRecord } from "../audit/append";
import { type Change, change } from "../change";
import { currentToken } from "./view";

/** The current token's row, as far as a change needs it. */
export type CurrentToken = Awaited<ReturnType<typeof currentToken>>;

/** What one change of the token did. */
export interface TokenOutcome<T> {
  readonly result: T;
  readonly event: AuditRecord;
}

/**
 * One change of the account security token: refused with `conflict` where the state machine has no such step.
 * Under the account's lock, so of two clicks at once the second one sees what the first one did.
 *
 * @throws Refusal `forbidden`, `conflict`
 */
export function changeToken<T>(
  actor: Actor,
  step: TokenChange,
  work: (change: Change, current: CurrentToken) => Promise<TokenOutcome<T>>,
): Promise<T> {
  return change(actor, "token.change", async (open) => {
    const current = await currentToken(open.tx, open.account.id);
    if (!canChange(tokenStatus(current !== null, open.account.enforcement), step)) {
      throw new Refusal("conflict");
    }
    return { ...(await work(open, current)), altersDecision: true };
  });
}

/** An audit record about the token, known by its last four characters. */
export function tokenEvent(
  action: AuditAction,
  token: { readonly id: string; readonly lastFour: string } | null,
  instances?: number,
): AuditRecord {
  return {
    action,
    targetType: "token",
    ...(token && { targetId: token.id }),
    details: { ...(token && { lastFour: token.lastFour }), ...(instances !== undefined && { instances }) },
  };
}
