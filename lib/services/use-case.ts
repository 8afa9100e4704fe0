import { z } from "zod";
import { isFirstAccount } from "@/lib/db/account-facts";
import { raiseEpoch } from "@/lib/db/epoch";
import {
  holdPerson,
  inAccountTransaction,
  inTransaction,
  type StoredAccount,
  type Transaction,
} from "@/lib/db/transaction";
import { type Actor, type Operator, type Person, type System, system, systemLabel } from "@/lib/domain/actor";
import type { AddressMode } from "@/lib/domain/address-mode";
import type { Enforcement } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { Mail } from "@/lib/domain/mail";
import { can, needsProof, type Permission } from "@/lib/domain/permissions";
import { isProofFresh } from "@/lib/domain/session";
import { type AuditRecord, appendAudit } from "./audit/append";
import { queueMail } from "./mail/queue";
import { parse } from "./parse";
import { requiresTwoStep, secondFactorsOf } from "./two-step/second-factors";

/** What a change did. Without an event nothing is recorded or announced. */
export interface ChangeOutcome<T> {
  readonly result: T;
  readonly event: AuditRecord | null;
  /** Recorded after it, where one change makes several things. */
  readonly later?: readonly AuditRecord[];
  /** False where a change that may alter decisions has altered none. */
  readonly alters?: boolean;
  /** Sent once the change is committed. */
  readonly mails?: readonly Mail[];
}

/** A refusal that goes on record: it is thrown once its event, and whatever else `run` wrote, is committed. */
interface RecordedRefusal {
  readonly refusal: Refusal;
  readonly event: AuditRecord;
  readonly later?: undefined;
  readonly alters?: undefined;
  readonly mails?: undefined;
}

/** What `run` gets: the transaction, with the account's row held, and the actor with the role of this moment. */
export interface Change {
  readonly tx: Transaction;
  readonly actor: Actor;
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly enforcement: Enforcement;
    readonly addressMode: AddressMode;
    readonly graceUntil: Date | null;
  };
}

/** What `run` of a change of one's own sign-in gets: the rows of the person and of all their accounts are held. */
interface SelfChange {
  readonly tx: Transaction;
  readonly actor: Actor;
}

/** What every use case says of itself; read by tests, which try each with every role. */
export interface Declared {
  readonly kind: "read" | "change" | "change of oneself";
  readonly permission: Permission;
  /** Whether it asks for a fresh proof of who acts. */
  readonly proof: boolean;
  /** Whether a gate may answer differently afterwards: with its event it raises the account's epoch. */
  readonly altersDecision: boolean;
}

const nothing = z.unknown().transform(() => undefined);

/** Takes no input unless a schema says otherwise. */
export type Nothing = typeof nothing;

/** What needs nothing can be called with nothing. */
export type Input<S extends z.ZodType> =
  Record<never, never> extends z.input<S> ? [input?: z.input<S>] : [input: z.input<S>];

/** A use case: called with who acts and what they gave, whatever that is. */
export type UseCase<S extends z.ZodType, T> = Declared & ((actor: Actor, ...input: Input<S>) => Promise<T>);

type Run<S extends z.ZodType, T> = (actor: Actor, ...input: Input<S>) => Promise<T>;

const declare = <S extends z.ZodType, T>(declared: Declared, run: Run<S, T>): UseCase<S, T> =>
  Object.assign(run, declared);

/**
 * Declares what reads an account: authorize, parse, ask for a fresh proof where one is needed, read.
 *
 * @throws (when called) Refusal `forbidden`, `two_step_required`, `invalid`, `proof_required`, `not_found`, or what `run`
 *   refuses with
 */
export function readUseCase<T, S extends z.ZodType = Nothing>(declared: {
  readonly permission: Permission;
  readonly input?: S;
  /** Asks for a fresh proof although the permission does not. */
  readonly proof?: true;
  /** Concerns the server and no account: there for its first account only, and found by no other. */
  readonly firstAccountOnly?: true;
  readonly run: (actor: Actor, input: z.output<S>) => Promise<T>;
}): UseCase<S, T> {
  const { permission, input = nothing, firstAccountOnly, run } = declared;
  const proof = declared.proof ?? needsProof(permission);
  return declare({ kind: "read", permission, proof, altersDecision: false }, async (actor, ...given) => {
    authorize(actor, permission);
    const parsed = parse(input, given[0] ?? {}) as z.output<S>;
    if (proof) requireProof(actor);
    if (firstAccountOnly && !(await isFirstAccount(actor.accountId))) throw new Refusal("not_found");
    return run(actor, parsed);
  });
}

/**
 * Declares a change of an account, the only way there is: authorize, parse, ask for a fresh proof, do what comes
 * `before`, lock the account, authorize as of now, `run`, append the audit event, raise the epoch, queue mails, commit,
 * do what comes `after`. It happens whole or not at all, in one transaction on one connection.
 *
 * @throws (when called) Refusal `forbidden`, `two_step_required`, `invalid`, `proof_required`, `unauthenticated`, or
 *   what `before` and `run` refuse with
 */
export function changeUseCase<T, S extends z.ZodType = Nothing, B = unknown>(declared: {
  readonly permission: Permission;
  readonly input?: S;
  /** Asks for a fresh proof although the permission does not. */
  readonly proof?: true;
  readonly altersDecision: boolean;
  /** What has to happen on another connection, or takes long: counting the try for a limit, hashing. */
  readonly before?: (actor: Actor, input: z.output<S>) => Promise<B>;
  /** `prepared` is what `before` came to. */
  readonly run: (
    change: Change,
    input: z.output<S>,
    prepared: B,
  ) => Promise<ChangeOutcome<T> | RecordedRefusal>;
  /** What has to wait until the change is committed; not done when it is refused. */
  readonly after?: (actor: Actor) => Promise<void>;
  /** How long `run` may take, where that is longer than usual. */
  readonly timeoutMs?: number;
}): UseCase<S, T> {
  const { permission, input = nothing, altersDecision, before, run, after, timeoutMs } = declared;
  const proof = declared.proof ?? needsProof(permission);
  return declare({ kind: "change", permission, proof, altersDecision }, async (actor, ...given) => {
    authorize(actor, permission);
    const parsed = parse(input, given[0] ?? {}) as z.output<S>;
    if (proof) requireProof(actor);
    const prepared = (await before?.(actor, parsed)) as B;
    const changed = async (tx: Transaction, account: StoredAccount) => {
      const now = await asOfNow(tx, actor, account);
      authorize(now, permission);
      const done = await run({ tx, account, actor: now }, parsed, prepared);
      const { event, later = [], alters = true, mails = [] } = done;
      if (event) {
        for (const each of [event, ...later])
          await appendAudit(tx, { ...each, ...recordedAs(actor), accountId: account.id });
        if (altersDecision && alters) await raiseEpoch(tx, account.id);
      }
      for (const mail of mails) await queueMail(tx, mail);
      return done;
    };
    const outcome = await inAccountTransaction(actor.accountId, changed, timeoutMs);
    if ("refusal" in outcome) throw outcome.refusal;
    await after?.(actor);
    return outcome.result;
  });
}

/**
 * Declares a change of how the actor signs in. It concerns every account the person is a member of: each of them gets
 * the event. Otherwise as `changeUseCase`.
 */
export function selfUseCase<T, S extends z.ZodType = Nothing, B = unknown>(declared: {
  readonly input?: S;
  readonly proof: boolean;
  readonly before?: (actor: Actor, input: z.output<S>) => Promise<B>;
  readonly run: (change: SelfChange, input: z.output<S>, prepared: B) => Promise<ChangeOutcome<T>>;
}): UseCase<S, T> {
  const { input = nothing, proof, before, run } = declared;
  const permission = "self.change";
  return declare(
    { kind: "change of oneself", permission, proof, altersDecision: false },
    async (actor, ...given) => {
      authorize(actor, permission);
      const parsed = parse(input, given[0] ?? {}) as z.output<S>;
      if (proof) requireProof(actor);
      const prepared = (await before?.(actor, parsed)) as B;
      return changePerson(actor.userId, actor, (tx) => run({ tx, actor }, parsed, prepared));
    },
  );
}

/** Who a trail can name. */
type Recorded = Omit<Person, "sessionId" | "provenAt"> | Operator | System;

/**
 * One change of a person in all their accounts, by themselves or by whoever stands at the machine. For those who are
 * not signed in and proved who they are in another way, as by a link sent by mail.
 *
 * @throws Refusal that `run` refuses with
 */
export async function changePerson<T>(
  userId: string,
  by: Recorded,
  run: (tx: Transaction) => Promise<ChangeOutcome<T>>,
): Promise<T> {
  return inTransaction(async (tx) => {
    const accountIds = await holdPerson(tx, userId);
    const { result, event, mails = [] } = await run(tx);
    for (const accountId of event ? accountIds : []) {
      if (event) await appendAudit(tx, { ...event, ...recordedAs(by), accountId });
    }
    for (const mail of mails) await queueMail(tx, mail);
    return result;
  });
}

/** Something that time brings about in accounts, without a click. */
export interface Duty {
  readonly name: string;
  /** Ids of the accounts that need looking at; cheap, asked every few seconds. */
  readonly accounts: (now: Date) => Promise<readonly string[]>;
  /** It is enough to look this often; left out: every time. */
  readonly everyMs?: number;
  /**
   * Does what is due in one account, in one transaction that holds it, by what is so then. Another process may have
   * done it already, and anything may have changed.
   */
  readonly run: (accountId: string, now: Date) => Promise<void>;
}

/** What time brought about in an account. Without an event no decision was altered. */
export interface TimelyOutcome {
  readonly events: readonly AuditRecord[];
  readonly altersDecision: boolean;
  readonly mails?: readonly Mail[];
}

/**
 * One change of an account that nobody clicked: time brought it about. Recorded as done by Latchkey itself, otherwise as
 * a change by a person: in one transaction that holds the account, whole or not at all.
 *
 * @throws Refusal `not_found` when the account does not exist, or what `run` throws
 */
export async function changeInTime(
  accountId: string,
  run: (tx: Transaction, account: StoredAccount) => Promise<TimelyOutcome>,
): Promise<void> {
  await inAccountTransaction(accountId, async (tx, account) => {
    const { events, altersDecision, mails = [] } = await run(tx, account);
    for (const event of events) await appendAudit(tx, { ...event, ...recordedAs(system), accountId });
    if (altersDecision && events.length > 0) await raiseEpoch(tx, accountId);
    for (const mail of mails) await queueMail(tx, mail);
  });
}

/**
 * The first line of every use case.
 *
 * @throws Refusal `forbidden` when the actor's role may not do this; `two_step_required` when the account
 *   requires two-step sign-in and the actor has yet to set it up
 */
export function authorize(actor: Actor, permission: Permission): void {
  if (!can(actor.role, permission)) throw new Refusal("forbidden", { permission });
  if (actor.twoStepMissing && permission !== "self.change") throw new Refusal("two_step_required");
}

/**
 * Guards what may be done only soon after a proof of who acts. `change()` calls it for every permission that
 * asks for one.
 *
 * @throws Refusal `proof_required` when the actor's last proof is too old
 */
function requireProof(actor: Actor): void {
  if (!isProofFresh(actor.provenAt, new Date())) throw new Refusal("proof_required");
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

/** Who did it and from where, for the trail. */
export function recordedAs(by: Recorded) {
  const { address, userAgent } = by;
  if (by.kind === "system") return { actorUserId: null, actorLabel: systemLabel, address, userAgent };
  if (by.kind === "operator") return { actorUserId: null, actorLabel: "", address, userAgent };
  return { actorUserId: by.userId, actorLabel: by.email, address, userAgent };
}
