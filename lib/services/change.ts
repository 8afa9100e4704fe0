import { raiseEpoch } from "@/lib/db/epoch";
import { inAccountTransaction, type Transaction } from "@/lib/db/transaction";
import type { Actor, Person } from "@/lib/domain/actor";
import type { AddressMode } from "@/lib/domain/address-mode";
import type { Enforcement } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import { needsProof, type Permission } from "@/lib/domain/permissions";
import { type AuditRecord, appendAudit } from "./audit/append";
import { authorize, requireProof } from "./authorize";
import { requiresTwoStep, secondFactorsOf } from "./two-step/second-factors";

/** What a change did. Without an event nothing changed, and nothing is recorded. */
export interface Outcome<T> {
  readonly result: T;
  readonly event: AuditRecord | null;
  /** True when a gate could answer a request differently from now on. */
  readonly altersDecision: boolean;
}

/** What `work` gets: the transaction, with the account's row held, and the actor with the role of this moment. */
export interface Change {
  readonly tx: Transaction;
  readonly actor: Actor;
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly enforcement: Enforcement;
    readonly addressMode: AddressMode;
  };
}

/**
 * One change of an account, the only way there is: authorize, ask for a fresh proof where the permission
 * needs one, do what comes `before`, lock the account, change, append the audit event, raise the epoch and notify when a decision
 * alters, commit. It happens whole or not at all.
 *
 * @param before what has to happen on another connection, such as counting the try for a limit
 * @throws Refusal `forbidden`, `proof_required`, or what `before` and `work` refuse with
 */
export async function change<T>(
  actor: Actor,
  permission: Permission,
  work: (change: Change) => Promise<Outcome<T>>,
  before?: () => Promise<void>,
): Promise<T> {
  authorize(actor, permission);
  if (needsProof(permission)) requireProof(actor);
  await before?.();
  return inAccountTransaction(actor.accountId, async (tx, account) => {
    const now = await asOfNow(tx, actor, account);
    authorize(now, permission);
    const { result, event, altersDecision } = await work({ tx, account, actor: now });
    if (event) await appendAudit(tx, { ...event, ...by(actor) });
    if (altersDecision) await raiseEpoch(tx, actor.accountId);
    return result;
  });
}

/**
 * The actor as the changes before this one left them: someone may just have taken the role away, or have begun
 * to require two-step sign-in.
 */
async function asOfNow(
  tx: Transaction,
  actor: Actor,
  account: { readonly requireTwoStep: boolean },
): Promise<Actor> {
  const { userId, accountId } = actor;
  const membership = await tx.membership.findUnique({ where: { userId_accountId: { userId, accountId } } });
  if (!membership) throw new Refusal("unauthenticated");
  const twoStepMissing = requiresTwoStep(account) && (await secondFactorsOf(tx, userId)).length === 0;
  return { ...actor, role: membership.role, twoStepMissing };
}

/** Who did it and from where, for the trail of the account. */
export function by(actor: Person & Pick<Actor, "accountId">) {
  return {
    accountId: actor.accountId,
    actorUserId: actor.userId,
    actorLabel: actor.email,
    address: actor.address,
    userAgent: actor.userAgent,
  };
}
