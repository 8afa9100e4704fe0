import type { Actor } from "@/lib/domain/actor";
import { startsWatch } from "@/lib/domain/after-activation";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { canChange, type TokenChange, tokenStatus } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { RetiringToken } from "@/lib/domain/security-token";
import type { AuditRecord } from "../audit/append";
import { type Change, change } from "../change";
import { currentToken, retiringToken } from "./view";

/** The current token's row, as far as a change needs it. */
export type CurrentToken = Awaited<ReturnType<typeof currentToken>>;

/** What one change of the token did; without an event nothing changed. */
export interface TokenOutcome<T> {
  readonly result: T;
  readonly event: AuditRecord | null;
}

/**
 * One change of the account security token: refused with `conflict` where the state machine has no such step.
 * Under the account's lock, so of two clicks at once the second one sees what the first one did.
 *
 * @throws Refusal `forbidden`, `proof_required`, `conflict`
 */
export function changeToken<T>(
  actor: Actor,
  step: TokenChange,
  work: (change: Change, current: CurrentToken, retiring: RetiringToken | null) => Promise<TokenOutcome<T>>,
): Promise<T> {
  return change(actor, "token.change", async (open) => {
    const { tx, account } = open;
    const current = await currentToken(tx, account.id);
    const retiring = await retiringToken(tx, account.id);
    const status = tokenStatus(current !== null, account.enforcement);
    if (!canChange(status, step, retiring !== null)) throw new Refusal("conflict");
    const outcome = await work(open, current, retiring);
    if (outcome.event && startsWatch(step)) {
      await tx.account.update({ where: { id: account.id }, data: { activatedAt: new Date() } });
    }
    return { ...outcome, altersDecision: outcome.event !== null };
  });
}

/** An audit record about the token, known by its last four characters. */
export function tokenEvent(
  action: AuditAction,
  token: { readonly id: string; readonly lastFour: string } | null,
  details?: AuditDetails,
): AuditRecord {
  return {
    action,
    targetType: "token",
    ...(token && { targetId: token.id }),
    details: { ...(token && { lastFour: token.lastFour }), ...details },
  };
}
