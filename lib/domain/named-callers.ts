import type { CallerLabel, ProgramCount } from "./caller-view";

/**
 * Whom a question has named: callers one by one, those of a program by its name and number, and how many instances' callers
 * beyond the limits. A change that breaks callers is confirmed for these and for nobody else.
 */
export interface NamedCallers {
  readonly ids: readonly string[];
  /** What people call it, or its short name; empty when it gave none. */
  readonly programs: readonly string[];
  readonly others: number;
}

export const nobodyNamed: NamedCallers = { ids: [], programs: [], others: 0 };

/** What tells whether a caller was named. */
interface Nameable extends Pick<CallerLabel, "name" | "agent" | "others"> {
  readonly id: string;
  readonly firstSeenAt: Date;
}

/**
 * Who was first heard within this time may have come after the question was read. Otherwise strangers who come from one new
 * address after another could keep an owner from closing the door.
 */
const newcomerMs = 60_000;

/** A caller's program as it is called where callers are counted instead of listed. */
export const programOf = ({ name, agent }: Pick<CallerLabel, "name" | "agent">): string => name ?? agent;

/** Programs of those that are not listed one by one, the most frequent first, so that everybody is named somehow. */
export function programsOf(callers: readonly Pick<CallerLabel, "name" | "agent">[]): ProgramCount[] {
  const counts = new Map<string, number>();
  for (const caller of callers) counts.set(programOf(caller), (counts.get(programOf(caller)) ?? 0) + 1);
  return [...counts]
    .map(([agent, callers]) => ({ agent, callers }))
    .sort((one, other) => other.callers - one.callers);
}

/** A list of callers, programs of the rest, and how many instances' callers beyond the limits. */
interface Listed {
  readonly callers: readonly { readonly id: string }[];
  readonly more: readonly { readonly agent: string }[];
  readonly others: number;
}

/** Whom a list names. */
export function namedIn({ callers, more, others }: Listed): NamedCallers {
  return { ids: callers.map(({ id }) => id), programs: more.map(({ agent }) => agent), others };
}

/** Whom a question names that its change rejects, or may reject; null: it has not been told anything. */
export function namedBy(shown: { readonly rejected: Listed; readonly maybe: Listed } | null): NamedCallers {
  if (shown === null) return nobodyNamed;
  const [rejected, maybe] = [namedIn(shown.rejected), namedIn(shown.maybe)];
  return {
    ids: [...rejected.ids, ...maybe.ids],
    programs: [...rejected.programs, ...maybe.programs],
    others: rejected.others + maybe.others,
  };
}

/** Whether a question named each of these, but for those that were first heard just now. */
export function areNamed(
  callers: readonly Nameable[],
  { ids, programs, others }: NamedCallers,
  now: Date,
): boolean {
  const [named, counted] = [new Set(ids), new Set(programs)];
  const known = callers.filter(({ firstSeenAt }) => now.getTime() - firstSeenAt.getTime() > newcomerMs);
  const own = known.filter((caller) => !caller.others);
  return (
    known.length - own.length <= others &&
    own.every((caller) => named.has(caller.id) || counted.has(programOf(caller)))
  );
}
