import type { AuditEntry } from "./audit-event";
import type { CallerLabel } from "./caller-view";
import { breaks, type CallerFacts, isSetAside, type Judged, type Verdict } from "./preflight";
import type { RejectedLately, StoppedCaller } from "./rejection";
import type { Expectation } from "./rhythm";
import type { NextStep, SecurityTokenView } from "./security-token";

/**
 * Why a caller needs a hand, the worst first. `stopped`: it worked until a change, and is rejected now. `rejected`: it is
 * rejected, and never worked as far as anyone looked. The rest is rejected only once the token is enforced: `wrong_token`
 * sends something else, `tokenless` nothing or not always. `overdue`: it has missed several of its turns.
 */
export const troubles = ["stopped", "rejected", "wrong_token", "tokenless", "overdue"] as const;

export type Trouble = (typeof troubles)[number];

/** A caller that needs a hand. */
export interface TroubledCaller extends CallerLabel, Pick<CallerFacts, "lastSeenAt" | "lastToken"> {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly trouble: Trouble;
  /** What the gate rejects it for; null: see `trouble`. */
  readonly stopped: Pick<StoppedCaller, "reason" | "mixes"> | null;
  readonly expectation: Expectation | null;
}

/** The callers of an account that need a hand, and how the others are. */
export interface TroubledCallers {
  /** The first few of them, those in trouble now first. */
  readonly callers: readonly TroubledCaller[];
  readonly total: number;
  /** Of those not set aside and kept apart. */
  readonly ready: number;
  readonly waiting: number;
}

/** What the overview shows. */
export interface OverviewView {
  readonly token: SecurityTokenView;
  readonly pausedInstances: number;
  readonly rejected: RejectedLately;
  readonly nextStep: NextStep;
  /** The token is enforced by itself, instance by instance, once callers are ready. */
  readonly armed: boolean;
  /** null while there is no token. */
  readonly troubled: TroubledCallers | null;
  /** The five newest events. */
  readonly recent: readonly AuditEntry[];
}

/** Callers in trouble that the overview names; the rest is counted. */
const named = 8;

function troubleOf(verdict: Verdict, enforced: boolean): Trouble | null {
  if (breaks(verdict)) return enforced ? "rejected" : verdict === "wrong_token" ? verdict : "tokenless";
  return verdict === "overdue" ? verdict : null;
}

/** What is to be known of a caller to name it here. */
type Nameable = Omit<TroubledCaller, "trouble" | "stopped" | "expectation"> & CallerFacts;

/**
 * Picks the callers that need a hand: those in trouble now first, and among equals those that called last. Those set aside
 * need none.
 *
 * @param judged those heard last first
 * @param stopped those that worked before a change and are rejected now; each of them is among the judged
 * @param isEnforced whether the token is enforced on a caller's instance
 */
export function troubledCallers<C extends Nameable>(
  judged: readonly Judged<C>[],
  stopped: readonly Pick<StoppedCaller, "id" | "reason" | "mixes">[],
  isEnforced: (caller: C) => boolean,
): TroubledCallers {
  const stoppedById = new Map(stopped.map((each) => [each.id, each]));
  const open = judged.filter(({ caller }) => !isSetAside(caller));
  const found = open.flatMap(({ caller, verdict, expectation }): TroubledCaller[] => {
    const end = stoppedById.get(caller.id);
    const trouble = end ? "stopped" : troubleOf(verdict, isEnforced(caller));
    if (!trouble) return [];
    const { id, name, agent, address, others, instanceId, instanceName, lastSeenAt, lastToken } = caller;
    const label = { id, name, agent, address, others, instanceId, instanceName };
    const why = end ? { reason: end.reason, mixes: end.mixes } : null;
    return [{ ...label, lastSeenAt, lastToken, trouble, stopped: why, expectation }];
  });
  const rank = ({ trouble }: TroubledCaller) => troubles.indexOf(trouble);
  const count = (wanted: Verdict) =>
    open.filter(({ caller, verdict }) => verdict === wanted && !caller.others).length;
  return {
    callers: found.toSorted((one, other) => rank(one) - rank(other)).slice(0, named),
    total: found.length,
    ready: count("ready"),
    waiting: count("waiting"),
  };
}
