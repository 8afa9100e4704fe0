import type { ArmedView } from "./armed";
import type { PreflightView } from "./caller-view";
import type { Confirmation } from "./confirmation";
import type { EnforcementPage } from "./enforcement";
import type { GraceView } from "./grace";
import type { InstanceSummary } from "./instance";
import { soonest } from "./live";
import type { RejectedLately, WatchView } from "./rejection";
import type { SecurityTokenView } from "./security-token";

/** All that the Security page shows at one moment. No secret in it. */
export interface SecurityPageView {
  readonly token: SecurityTokenView;
  /** A few of the account's instances, newest first. */
  readonly newestInstances: readonly Pick<InstanceSummary, "id" | "calledId" | "name" | "upstreamUrl">[];
  readonly pausedInstances: number;
  readonly rejected: RejectedLately;
  readonly enforcement: EnforcementPage;
  /** null while there is no token. */
  readonly preflight: PreflightView | null;
  /** null unless the token is armed. */
  readonly armed: ArmedView | null;
  /** null unless known callers only are let in without the token. */
  readonly grace: GraceView | null;
  /** null when nobody is watched. */
  readonly watch: WatchView | null;
  /** null when nothing changed in a day. */
  readonly confirmation: Confirmation | null;
  /** What this reader may do. */
  readonly may: Readonly<Record<"changeToken" | "changeCallers" | "revealInstances", boolean>>;
}

/** A change this young is on its way to the gates; milliseconds. */
const underWayMs = 2000;

/** Whether it is too early to say that a gate is late. */
export function isUnderWay({ at, changedAt }: Pick<Confirmation, "at" | "changedAt">): boolean {
  return at.getTime() - changedAt.getTime() < underWayMs;
}

/** While a gate is waited for, the page looks again this often: nothing else may tell it. */
const lookEveryMs = 3000;

/** The turns that callers on the page have yet to miss. */
function nextTurns(preflight: PreflightView | null): Date[] {
  const expectations = preflight?.callers.flatMap(({ expectation }) => expectation ?? []) ?? [];
  return expectations.flatMap(({ expectedBy, at }) =>
    expectedBy !== null && expectedBy > at ? new Date(expectedBy) : [],
  );
}

/** The next reading knows more rhythms: at once. */
const now = new Date(0);

/** What time brings about for an armed token: the next instance is due, or the owners are asked. */
function nextOfArmed(armed: ArmedView | null): (Date | null)[] {
  return armed ? [armed.askAt, ...armed.instances.map(({ enforcedAt }) => enforcedAt)] : [];
}

/**
 * When time alone makes another page of it: an overlap, a watch, a hold or a caller's turn ends, or a gate may have
 * confirmed.
 */
export function securityPageChangesAt(page: SecurityPageView): Date | null {
  const { token, grace, watch, confirmation, preflight, armed } = page;
  const learning = preflight?.rhythmsComplete === false ? now : null;
  const wait = confirmation && isUnderWay(confirmation) ? 0 : lookEveryMs;
  const looked =
    confirmation && confirmation.waiting.length > 0 ? new Date(confirmation.at.getTime() + wait) : null;
  const turns = [...nextTurns(preflight), ...nextOfArmed(armed)];
  return soonest([token.retiring?.retireAt, grace?.until, watch?.until, looked, ...turns, learning]);
}
