/** One process that serves instances, as the database knows it. All times are by the database's clock. */
export interface GateProcess {
  /** The same for all processes behind one port. */
  readonly gateId: string;
  readonly host: string;
  /** Process id of the gate on its host. */
  readonly pid: number;
  readonly lastSeenAt: Date;
  /** How long it answers from memory once it hears of no more changes; milliseconds. */
  readonly stalenessMs: number;
  /** How far its clock is ahead of the database's in milliseconds; below 0 behind; null when they agree. */
  readonly clockAheadMs: number | null;
  /** Whether it began, or compared all it held, after the change was committed. */
  readonly caughtUp: boolean;
  /** When it applied the change, as it was told; null when it has not said so. */
  readonly appliedAt: Date | null;
}

/** The account's newest change of decisions, and every process that could decide otherwise. */
export interface GateReports {
  readonly changedAt: Date;
  readonly now: Date;
  readonly processes: readonly GateProcess[];
}

/** A gate of which at least one process has not confirmed the change. */
export interface WaitingGate {
  readonly gateId: string;
  readonly host: string;
  readonly pid: number;
  /** Since when nothing at all was heard of it; null while it is heard. */
  readonly silentSince: Date | null;
  /** When it stops answering from memory, at the latest, if it hears of no more changes. */
  readonly harmlessAt: Date;
}

/** A gate whose clock is off, so that what ends at a time ends sooner or later there. */
export interface WrongClock {
  readonly gateId: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds; below 0 it is behind. */
  readonly aheadMs: number;
}

/** What the dashboard says of the account's newest change. */
export interface Confirmation {
  readonly changedAt: Date;
  /** When this was so. */
  readonly at: Date;
  readonly gates: number;
  readonly confirmed: number;
  /** From the change until the last gate had applied it; null while one has not, or all began later. */
  readonly tookMs: number | null;
  readonly waiting: readonly WaitingGate[];
  readonly wrongClocks: readonly WrongClock[];
}

/** How soon a process counts as not heard, and how long it is kept past the time its memory counts. */
interface ConfirmationBounds {
  readonly silentMs: number;
  readonly graceMs: number;
}

/** Processes report every 5 s. */
export const confirmationBounds: ConfirmationBounds = { silentMs: 15_000, graceMs: 15_000 };

/**
 * When a process may be left out though it never said goodbye: by then it does not answer from what it held,
 * even if it still runs and only the database does not hear it.
 */
function goneAt({ lastSeenAt, stalenessMs }: GateProcess, { graceMs }: ConfirmationBounds): number {
  return lastSeenAt.getTime() + stalenessMs + graceMs;
}

const hasConfirmed = ({ caughtUp, appliedAt }: GateProcess) => caughtUp || appliedAt !== null;

function waitingGate(
  processes: readonly GateProcess[],
  now: Date,
  bounds: ConfirmationBounds,
): WaitingGate | null {
  const late = processes.filter((each) => !hasConfirmed(each));
  const [first] = late;
  if (!first) return null;
  const seen = Math.min(...late.map(({ lastSeenAt }) => lastSeenAt.getTime()));
  const harmless = Math.max(...late.map((each) => goneAt(each, { ...bounds, graceMs: 0 })));
  const { gateId, host, pid } = first;
  const silent = now.getTime() - seen >= bounds.silentMs;
  return { gateId, host, pid, silentSince: silent ? new Date(seen) : null, harmlessAt: new Date(harmless) };
}

/** The processes of one gate share a machine, and its clock. */
function wrongClock(processes: readonly GateProcess[]): WrongClock | null {
  for (const { gateId, host, pid, clockAheadMs } of processes) {
    if (clockAheadMs !== null) return { gateId, host, pid, aheadMs: clockAheadMs };
  }
  return null;
}

/**
 * Which gates have applied the newest change. A gate counts once, and has confirmed when all its processes
 * have; a process that was not heard for as long as its memory counts is left out. Pure and total.
 */
export function confirmationOf(
  { changedAt, now, processes }: GateReports,
  bounds: ConfirmationBounds = confirmationBounds,
): Confirmation {
  const gates = new Map<string, GateProcess[]>();
  for (const each of processes) {
    if (goneAt(each, bounds) <= now.getTime()) continue;
    gates.set(each.gateId, [...(gates.get(each.gateId) ?? []), each]);
  }
  const waiting = [...gates.values()].flatMap((own) => waitingGate(own, now, bounds) ?? []);
  const applied = [...gates.values()].flat().flatMap(({ appliedAt }) => appliedAt?.getTime() ?? []);
  const complete = waiting.length === 0 && applied.length > 0;
  return {
    changedAt,
    at: now,
    gates: gates.size,
    confirmed: gates.size - waiting.length,
    tookMs: complete ? Math.max(0, Math.max(...applied) - changedAt.getTime()) : null,
    waiting,
    wrongClocks: [...gates.values()].flatMap((own) => wrongClock(own) ?? []),
  };
}

/** One look at another clock. All times are milliseconds since 1970. */
export interface ClockReading {
  /** By our clock: when the question left, and when its answer was here. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** What the other clock said somewhere between. */
  readonly other: number;
}

/** How far our clock is from another. */
interface ClockSkew {
  /** Milliseconds that ours is ahead; below 0 it is behind. */
  readonly aheadMs: number;
  /** By how much that may be wrong, either way: half of what the question took. */
  readonly uncertainMs: number;
}

/** More than NTP leaves and less than anybody notices; milliseconds. */
const mostMs = 1000;

/** Compares clocks as if the other had been read half-way. */
export function clockSkew({ askedAt, answeredAt, other }: ClockReading): ClockSkew {
  return {
    aheadMs: (askedAt + answeredAt) / 2 - other,
    uncertainMs: Math.abs(answeredAt - askedAt) / 2,
  };
}

/** Whether clocks agree within a second; null when the answer took too long to tell. */
export function clocksAgree({ aheadMs, uncertainMs }: ClockSkew): boolean | null {
  const off = Math.abs(aheadMs);
  if (off + uncertainMs <= mostMs) return true;
  return off - uncertainMs > mostMs ? false : null;
}
