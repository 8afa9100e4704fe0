import type { WatchedFacts } from "./after-activation";
import { rolesWith } from "./permissions";
import type { TokenRejection } from "./rejection";
import { seenText } from "./seen-text";
import { hourMs } from "./traffic";

/** What people are told by mail unless they switch it off. */
export const alertKinds = ["caller_stopped", "armed_enforced", "grace_ends", "overlap_ends"] as const;

export type AlertKind = (typeof alertKinds)[number];

/** The kind of alert that a mail is, by its name; null for what is none. Most kinds are one mail, of the same name. */
export function alertKindOf(template: string): AlertKind | null {
  // What *Activate when ready* did, and what it asks.
  if (template.startsWith("armed_")) return "armed_enforced";
  return alertKinds.find((kind) => kind === template) ?? null;
}

/** Who is told: those who can do something about it. */
export const alertRoles = rolesWith("token.change");

/** A caller in a mail. What it says of itself is untrusted: cut, and without anything unseen. */
export interface AlertCaller {
  /** Name or program; empty when it gave none, and for others. */
  readonly title: string;
  /** True for the sum of an instance's callers beyond the limits. */
  readonly others: boolean;
  readonly address: string | null;
  readonly instance: string;
  /** Why it is rejected, where it is. */
  readonly reason?: TokenRejection;
}

/** What a mail that names callers says. */
export interface CallersAlert {
  readonly account: string;
  /** The first few. */
  readonly callers: readonly AlertCaller[];
  readonly total: number;
}

/** The mails that name callers. Moments as ISO 8601, UTC. */
export interface CallersAlerts {
  readonly caller_stopped: CallersAlert;
  readonly grace_ends: CallersAlert & { readonly until: string };
  readonly overlap_ends: CallersAlert & { readonly until: string };
}

/** Callers that one mail names; the rest is counted. */
export const mostNamedInAlert = 10;

const longestText = 60;

/** A name as it may stand in a mail: as it is seen, at most 60 characters. */
export function alertText(text: string): string {
  const characters = [...seenText(text)];
  return characters.length > longestText
    ? `${characters.slice(0, longestText - 1).join("")}…`
    : characters.join("");
}

/** Callers that stopped are told of in one mail an account in this time, and each of them once in that; milliseconds. */
export const stoppedLimits = { accountMs: hourMs, callerMs: 24 * hourMs } as const;

/** When each alert of one kind went out last, by what it was about. */
export type SentAlerts = ReadonlyMap<string, Date>;

/**
 * The callers that stopped working and are to be told of now: nobody while the account's last mail is too young, then
 * everybody who stopped since. A caller that was told of is news again once it was let in since, a day later at the
 * earliest: one that nobody mends is no news. Nobody can say of callers beyond the limits that one of them worked, and
 * strangers are among them.
 *
 * @param stopped callers that worked before and are rejected now
 */
export function untoldCallers<
  C extends { readonly id: string } & Pick<WatchedFacts, "acceptedAt" | "others">,
>(stopped: readonly C[], sent: SentAlerts, accountId: string, now: Date): readonly C[] {
  const age = (at: Date) => now.getTime() - at.getTime();
  const last = sent.get(accountId);
  if (last && age(last) < stoppedLimits.accountMs) return [];
  return stopped.filter(({ id, acceptedAt, others }) => {
    if (others || acceptedAt === null) return false;
    const told = sent.get(id);
    return told === undefined || (told < acceptedAt && age(told) >= stoppedLimits.callerMs);
  });
}

/** What ends by the clock, and rejects whoever has not moved by then. */
export type EndKind = Extract<AlertKind, "grace_ends" | "overlap_ends">;

/** How long before its end people are told: so many hours, but no sooner than in its last quarter. */
export const endNoticeHours: Readonly<Record<EndKind, number>> = { grace_ends: 72, overlap_ends: 24 };

/** True from the moment people are to be told of an end until it has come. @param since null: nobody knows */
export function isEndNear(kind: EndKind, since: Date | null, until: Date, now: Date): boolean {
  const left = until.getTime() - now.getTime();
  const quarter = since ? (until.getTime() - since.getTime()) / 4 : Number.POSITIVE_INFINITY;
  return left > 0 && left <= Math.min(endNoticeHours[kind] * hourMs, quarter);
}

/** What an alert of an end is about: this date. Another date is told of once more. */
export function endSubject(until: Date): string {
  return until.toISOString();
}

/** How long it is kept that an alert went out. Longer than callers are, unless the account keeps them for longer. */
export const sentAlertDays = 90;

/** One kind of alert, and whether the person gets it. */
export interface AlertSetting {
  readonly kind: AlertKind;
  readonly on: boolean;
}

/** The card *Alerts*. */
export interface AlertsView {
  readonly settings: readonly AlertSetting[];
  /** Why nothing arrives, whatever is switched on; null when it does. */
  readonly obstacle: "mail_off" | "unconfirmed" | null;
}
