import type { CallerLabel } from "./caller-view";
import { blocks, type CallerFacts, isSetAside, type Judged } from "./preflight";
import type { Expectation } from "./rhythm";
import { settleMs } from "./rotation";

/** Shortest, usual and longest time that the callers of an instance have to be ready before it is enforced; seconds. */
export const holdSeconds = { least: 60, usual: 600, most: 7 * 24 * 3600 } as const;

/** The latest that the owners may ask to be asked whether to go on waiting; days. */
export const mostDaysToAsk = 90;

/** A caller as *Activate when ready* names it. */
interface ArmedCaller extends CallerLabel {
  readonly id: string;
  readonly lastSeenAt: Date;
  /** When it should call; null where nobody can say. */
  readonly expectation: Expectation | null;
}

/** One instance that waits to be enforced. */
export interface ArmedInstance {
  readonly id: string;
  readonly name: string;
  /** Since when all of its callers are ready; null: not yet. */
  readonly readySince: Date | null;
  /** When it will be enforced unless somebody turns unready; null while somebody is. */
  readonly enforcedAt: Date | null;
  /** Callers that count, and those of them it waits for. */
  readonly callers: number;
  readonly waitingFor: number;
  /** Of those it waits for, the one that will be heard last, or whose turn nobody knows. */
  readonly next: ArmedCaller | null;
  /** Callers first heard after arming that do not send the token: they do not count, and will be rejected. */
  readonly newCallers: number;
  /** The first few of them. */
  readonly newest: readonly ArmedCaller[];
}

/** *Activate when ready*, while the token is armed. */
export interface ArmedView {
  readonly since: Date;
  /** E-mail address of the one who armed it. */
  readonly by: string;
  readonly holdSeconds: number;
  /** When the owners are asked whether to go on waiting; null: never, or they are asked now. */
  readonly askAt: Date | null;
  /** That date has passed, and nobody has answered yet. */
  readonly asked: boolean;
  /** Those that are not enforced yet, the ones that wait for nobody first; some of them. */
  readonly instances: readonly ArmedInstance[];
  /** How many more there are. */
  readonly more: number;
}

/** What the rule for one instance needs besides its callers. */
export interface Arming {
  readonly armedAt: Date;
  readonly holdSeconds: number;
  /** Since when all that count were ready whenever somebody looked; null: they were not. */
  readonly readySince: Date | null;
}

/** What becomes of one armed instance. */
interface Armed<C extends CallerFacts> {
  /** To be remembered until somebody looks again. */
  readonly readySince: Date | null;
  /** When it is due, as things are; null while it waits for somebody. */
  readonly enforcedAt: Date | null;
  /** It is due now. */
  readonly enforce: boolean;
  readonly counting: readonly Judged<C>[];
  readonly waitingFor: readonly Judged<C>[];
  /** First heard after arming. */
  readonly strangers: readonly Judged<C>[];
}

/** Whether it came without a live token after that moment, and nobody has called that gone since. */
function failedSince({ notLiveAt, dismissedAt }: CallerFacts, since: Date): boolean {
  return notLiveAt !== null && notLiveAt > since && (dismissedAt === null || notLiveAt > dismissedAt);
}

/**
 * Whether an armed instance is enforced now, and since when it is ready. All callers count that were heard before
 * arming, but for those called gone or left out. One first heard afterwards does not: whoever has the URL could
 * hold the instance up for ever. It is enforced once none that counts has blocked it for the hold time without a
 * break. A call without a live token is a break also when nobody looked at that time, as while every dashboard was
 * down. Total; no clock but `now`.
 *
 * @param judged the callers of this instance with their verdicts at `now`
 */
export function judgeArmed<C extends CallerFacts>(
  judged: readonly Judged<C>[],
  { armedAt, holdSeconds, readySince }: Arming,
  now: Date,
): Armed<C> {
  const known = judged.filter(({ caller }) => !isSetAside(caller));
  // Clocks of gates differ a little: who called just before the click counts.
  const isStranger = ({ caller }: Judged<C>) => caller.firstSeenAt.getTime() > armedAt.getTime() + settleMs;
  const strangers = known.filter(isStranger);
  const counting = known.filter((each) => !isStranger(each));
  const waitingFor = counting.filter(blocks);
  const sides = { counting, waitingFor, strangers };
  if (waitingFor.length > 0) return { ...sides, readySince: null, enforcedAt: null, enforce: false };
  const unbroken = readySince && !counting.some(({ caller }) => failedSince(caller, readySince));
  const since = unbroken ? readySince : now;
  const enforcedAt = new Date(since.getTime() + holdSeconds * 1000);
  return { ...sides, readySince: since, enforcedAt, enforce: enforcedAt <= now };
}

/** What is to be known of a caller to name it. */
interface NamedCaller extends CallerFacts, Omit<ArmedCaller, "expectation"> {}

function toView<C extends NamedCaller>({ caller, expectation }: Judged<C>): ArmedCaller {
  const { id, name, agent, address, others, lastSeenAt } = caller;
  return { id, name, agent, address, others, lastSeenAt, expectation };
}

/** Strangers that are named; the rest is counted. */
const strangersNamed = 5;

/** The latest turn first, and before it those whose turn nobody knows. */
function byTurn<C extends CallerFacts>(one: Judged<C>, other: Judged<C>): number {
  const turn = ({ expectation }: Judged<C>) => expectation?.expectedBy ?? Number.MAX_VALUE;
  return turn(other) - turn(one);
}

/**
 * Armed instances as a page shows them: those that wait for nobody first, the next to be enforced at the top, then
 * those that wait for the fewest.
 *
 * @param open those that are not enforced yet, with what is remembered of each
 * @param judged the callers of the account
 */
export function armedInstances<C extends NamedCaller>(
  open: readonly (Pick<ArmedInstance, "id" | "name"> & Pick<Arming, "readySince">)[],
  judged: readonly Judged<C>[],
  arming: Omit<Arming, "readySince">,
  now: Date,
): ArmedInstance[] {
  const byInstance = Map.groupBy(judged, ({ caller }) => caller.instanceId);
  const views = open.map(({ id, name, readySince }): ArmedInstance => {
    const armed = judgeArmed(byInstance.get(id) ?? [], { ...arming, readySince }, now);
    const next = armed.waitingFor.toSorted(byTurn)[0];
    const rejected = armed.strangers.filter(blocks);
    return {
      id,
      name,
      readySince: armed.readySince,
      enforcedAt: armed.enforcedAt,
      callers: armed.counting.length,
      waitingFor: armed.waitingFor.length,
      next: next ? toView(next) : null,
      newCallers: rejected.length,
      newest: rejected.slice(0, strangersNamed).map(toView),
    };
  });
  const place = ({ enforcedAt, waitingFor }: ArmedInstance) =>
    enforcedAt ? enforcedAt.getTime() : Number.MAX_SAFE_INTEGER / 2 + waitingFor;
  return views.sort((one, other) => place(one) - place(other));
}
