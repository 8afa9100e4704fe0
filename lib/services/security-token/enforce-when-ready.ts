import { announceToPages } from "@/lib/db/account-events";
import { db } from "@/lib/db/client";
import type { StoredAccount, Transaction } from "@/lib/db/transaction";
import { type Arming, judgeArmed } from "@/lib/domain/armed";
import { afterSwitch } from "@/lib/domain/enforcement";
import type { Mail, MailParams } from "@/lib/domain/mail";
import { alertRecipients } from "../alerts/recipients";
import type { AuditRecord } from "../audit/append";
import { judgeCallers, notYetDemanded } from "../callers/judge";
import { instanceEvent } from "../instances/find";
import { changeInTime, type Duty, type TimelyOutcome } from "../use-case";
import { enforceEverywhere } from "./enforcement";
import { currentToken, tokenEvent } from "./token";

const nothing: TimelyOutcome = { events: [], altersDecision: false };

/** An armed account, as it is under its lock. */
interface ArmedAccount extends StoredAccount {
  readonly armedAt: Date;
}

const isArmed = (account: StoredAccount): account is ArmedAccount => account.armedAt !== null;

/**
 * Enforces each instance of an armed account whose callers have been ready for the hold time, as they are judged at
 * this moment, and the token everywhere once there is no other instance left. Never switches anything off.
 */
export const enforceWhenReady: Duty = {
  name: "enforce when ready",
  accounts: async () => {
    const armed = await db.account.findMany({ where: { armedAt: { not: null } }, select: { id: true } });
    return armed.map(({ id }) => id);
  },
  run: (accountId, now) =>
    changeInTime(accountId, async (tx, account) => (isArmed(account) ? look(tx, account, now) : nothing)),
};

async function look(tx: Transaction, account: ArmedAccount, now: Date): Promise<TimelyOutcome> {
  const found = await judgeCallers(account.id, now, tx);
  const total = await tx.instance.count({ where: { accountId: account.id } });
  if (!found || account.enforcement === "on" || total === 0) return nothing;
  const { id: accountId, armedAt, holdSeconds } = account;
  const open = await tx.instance.findMany({
    where: { accountId, enforced: false },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true, name: true, readySince: true },
  });
  const callers = Map.groupBy(notYetDemanded(found), ({ caller }) => caller.instanceId);
  const looked = open.map((instance) => {
    const { readySince } = instance;
    const arming: Arming = { armedAt, holdSeconds, readySince };
    return { instance, armed: judgeArmed(callers.get(instance.id) ?? [], arming, now) };
  });
  const due = looked.filter(({ armed }) => armed.enforce).map(({ instance }) => instance);
  const waiting = looked.filter(({ armed }) => !armed.enforce);
  const turned = waiting.filter(
    ({ instance, armed }) => armed.readySince?.getTime() !== instance.readySince?.getTime(),
  );
  await rememberReady(tx, turned.filter(({ armed }) => armed.readySince !== null).map(idOf), now);
  await rememberReady(tx, turned.filter(({ armed }) => armed.readySince === null).map(idOf), null);
  const callersWaitedFor = waiting.reduce((sum, { armed }) => sum + armed.waitingFor.length, 0);
  if (waiting.length > 0 && due.length === 0) return askIfDue(tx, account, callersWaitedFor, now);
  return enforce(tx, account, { due, before: total - open.length, total }, now);
}

const idOf = ({ instance }: { readonly instance: { readonly id: string } }) => instance.id;

/**
 * Notes that these instances are ready since now, or no longer. Not by Prisma, which would take it for a change of their
 * settings.
 */
async function rememberReady(tx: Transaction, ids: readonly string[], since: Date | null): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE "Instance" SET "readySince" = ${since}::timestamptz WHERE "id" = ANY(${ids}::text[])`;
}

interface Due {
  readonly due: readonly { readonly id: string; readonly name: string }[];
  /** Instances that were enforced before, and all there are. */
  readonly before: number;
  readonly total: number;
}

async function enforce(
  tx: Transaction,
  account: ArmedAccount,
  { due, before, total }: Due,
  now: Date,
): Promise<TimelyOutcome> {
  const { id: accountId } = account;
  const armedBy = account.armedBy ?? "";
  const ids = due.map(({ id }) => id);
  await tx.instance.updateMany({
    where: { accountId, id: { in: ids } },
    data: { enforced: true, readySince: null },
  });
  const { enforcement } = afterSwitch(account.enforcement, true, before);
  await tx.account.update({ where: { id: accountId }, data: { enforcement, activatedAt: now } });
  const events: AuditRecord[] = due.map((instance, index) =>
    instanceEvent("token.enforced_on", instance, {
      count: before + index + 1,
      instances: total,
      armedBy,
    }),
  );
  if (before + due.length < total) {
    const [first, ...rest] = due;
    const params = { instance: first?.name ?? "", more: rest.length, armedBy };
    return { events, altersDecision: true, mails: await tell(tx, account, "armed_enforced", params) };
  }
  await enforceEverywhere(tx, accountId);
  const current = await currentToken(tx, accountId);
  events.push(tokenEvent("token.activated", current, { instances: total, armedBy }));
  const mails = await tell(tx, account, "armed_done", { instances: total, armedBy });
  return { events, altersDecision: true, mails };
}

/** Asks the owners once whether to go on waiting, when the date has come that somebody chose for it. */
async function askIfDue(
  tx: Transaction,
  account: ArmedAccount,
  waiting: number,
  now: Date,
): Promise<TimelyOutcome> {
  const { id, askAt, askedAt } = account;
  if (askAt === null || askAt > now || askedAt !== null) return nothing;
  await tx.account.update({ where: { id }, data: { askedAt: now } });
  await announceToPages(tx, id);
  const params = { waiting, armedBy: account.armedBy ?? "" };
  return { ...nothing, mails: await tell(tx, account, "armed_ask", params) };
}

type ArmedMail = "armed_enforced" | "armed_done" | "armed_ask";

/** The same mail to everybody who is told of it. */
async function tell<T extends ArmedMail>(
  tx: Transaction,
  { id, name }: ArmedAccount,
  template: T,
  params: Omit<MailParams[T], "account" | "path">,
): Promise<Mail[]> {
  const recipients = await alertRecipients(tx, id, "armed_enforced");
  return recipients.map(
    (to) => ({ to, template, params: { ...params, account: name, path: "/security" } }) as unknown as Mail,
  );
}
