import { type AccountFacts, readAccountFacts } from "@/lib/db/account-facts";
import { readAccountsToAlert, readOpenKnownCallers, readSentAlerts, recordSentAlerts } from "@/lib/db/alerts";
import type { Transaction } from "@/lib/db/transaction";
import { watchStart } from "@/lib/domain/after-activation";
import {
  type AlertCaller,
  alertText,
  type CallersAlerts,
  type EndKind,
  endSubject,
  isEndNear,
  mostNamedInAlert,
  untoldCallers,
} from "@/lib/domain/alert";
import { callerLimits } from "@/lib/domain/caller";
import type { CallerLabel } from "@/lib/domain/caller-view";
import type { Mail } from "@/lib/domain/mail";
import { shownName } from "@/lib/domain/seen-text";
import { findStopped, lastEnd } from "../callers/after-activation";
import { readOldTokenSenders } from "../callers/consequence";
import { sendsMail } from "../mail/queue";
import { changeInTime, type Duty } from "../use-case";
import { alertRecipients } from "./recipients";

interface Telling {
  readonly tx: Transaction;
  readonly accountId: string;
  /** The account's name, for a mail. */
  readonly account: string;
  readonly now: Date;
  /** What goes out with the transaction. */
  readonly mails: Mail[];
}

/** Queues an alert to everybody who wants it, and writes down what it was about. */
async function send<K extends keyof CallersAlerts>(
  { tx, accountId, now, mails }: Telling,
  kind: K,
  params: CallersAlerts[K],
  subjects: readonly string[],
): Promise<void> {
  for (const to of await alertRecipients(tx, accountId, kind)) {
    mails.push({ to, template: kind, params } as unknown as Mail);
  }
  await recordSentAlerts(tx, accountId, kind, subjects, now);
}

type Named = CallerLabel & { readonly instanceName: string };

function inMail({ name, agent, address, others, instanceName }: Named): AlertCaller {
  return {
    title: alertText(name === null ? agent : shownName(name)),
    others,
    address,
    instance: alertText(shownName(instanceName)),
  };
}

async function tellOfStopped(telling: Telling, facts: AccountFacts): Promise<void> {
  const { tx, accountId, account, now } = telling;
  const { enforcement, activatedAt, tokens } = facts;
  const since = watchStart({ activatedAt, retireAt: lastEnd(tokens, now) }, now);
  const { stopped } = await findStopped({ accountId, enforcement }, since, now, callerLimits.perAccount, tx);
  if (stopped.length === 0) return;
  const sent = await readSentAlerts(tx, accountId, "caller_stopped");
  const found = stopped.map(({ caller, reason }) => ({ ...caller, reason }));
  const untold = untoldCallers(found, sent, accountId, now);
  if (untold.length === 0) return;
  const named = untold.slice(0, mostNamedInAlert);
  const callers = named.map(({ reason, ...caller }) => ({ ...inMail(caller), reason }));
  const subjects = [accountId, ...untold.map(({ id }) => id)];
  await send(telling, "caller_stopped", { account, callers, total: untold.length }, subjects);
}

/** Whether an end is near that nobody was told of. */
async function isEndUntold(
  { tx, accountId, now }: Telling,
  kind: EndKind,
  since: Date | null,
  until: Date,
): Promise<boolean> {
  if (!isEndNear(kind, since, until, now)) return false;
  return !(await readSentAlerts(tx, accountId, kind)).has(endSubject(until));
}

async function tellOfEnd(
  telling: Telling,
  kind: EndKind,
  until: Date,
  callers: readonly Named[],
  total = callers.length,
): Promise<void> {
  if (total === 0) return;
  const { account } = telling;
  const named = callers.slice(0, mostNamedInAlert).map(inMail);
  await send(telling, kind, { account, callers: named, total, until: until.toISOString() }, [
    endSubject(until),
  ]);
}

async function tellOfGrace(
  telling: Telling,
  { graceSince, graceUntil }: { readonly graceSince: Date | null; readonly graceUntil: Date | null },
): Promise<void> {
  if (!graceUntil || !(await isEndUntold(telling, "grace_ends", graceSince, graceUntil))) return;
  const open = await readOpenKnownCallers(telling.tx, telling.accountId, mostNamedInAlert);
  const callers = open.map((each) => ({ ...each, others: false }));
  await tellOfEnd(telling, "grace_ends", graceUntil, callers, open[0]?.total);
}

async function tellOfOverlap(telling: Telling, { tokens }: AccountFacts): Promise<void> {
  const { tx, accountId, now } = telling;
  const current = tokens.find(({ state }) => state === "current");
  const until = tokens.find(({ state }) => state === "retiring")?.retireAt;
  if (!current || !until || !(await isEndUntold(telling, "overlap_ends", current.createdAt, until))) return;
  const senders = await readOldTokenSenders(accountId, now, tx);
  const broken = senders ? [...senders.fates.rejected, ...senders.fates.maybe] : [];
  await tellOfEnd(
    telling,
    "overlap_ends",
    until,
    broken.map(({ caller }) => caller),
  );
}

/**
 * Tells of what has happened to an account's callers, or is about to: queues the mails that are due and writes down that
 * they are, in one transaction that holds the account. However often and by however many it is called, nothing is told
 * beyond its limit. Where nobody wants to know, it counts as told; where no mail is sent, there is nothing to do.
 */
export const tellOfAlerts: Duty = {
  name: "tell of alerts",
  // A mail may come a minute late, and who is to be told of is looked for in a day of traffic.
  everyMs: 60_000,
  accounts: async (now) => (sendsMail() ? readAccountsToAlert(now) : []),
  run: (accountId, now) =>
    changeInTime(accountId, async (tx, account) => {
      const mails: Mail[] = [];
      const nothing = { events: [], altersDecision: false };
      if (!sendsMail() || account.enforcement === "off") return nothing;
      const facts = await readAccountFacts(accountId, tx);
      const told: Telling = { tx, accountId, account: alertText(shownName(account.name)), now, mails };
      await tellOfStopped(told, facts);
      if (facts.enforcement === "grace") await tellOfGrace(told, account);
      await tellOfOverlap(told, facts);
      return { ...nothing, mails };
    }),
};
