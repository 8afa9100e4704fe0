import { ModelLatchkey } from "./model";
import { type Explanation, exceptions, explanations, type Violation } from "./promises";
import { type Rules, realRules } from "./rules";
import { type Outcome, run } from "./run";
import { type Path, type World, worldOf } from "./world";

/** What came of many worlds. */
export interface Tally {
  worlds: number;
  calls: number;
  activations: number;
  blue: number;
  readonly paths: Partial<Record<Path, number>>;
  /** Callers that were ready, and that were not, on the instances that were enforced. */
  ready: number;
  blocking: number;
  /** Callers seen before that were rejected after an activation, by why. */
  readonly explained: Partial<Record<Explanation, number>>;
  /** The first few, with the seeds of their worlds. */
  readonly violations: (Violation & { readonly seed: number })[];
  violated: number;
}

export function emptyTally(): Tally {
  const none = { worlds: 0, calls: 0, activations: 0, blue: 0, ready: 0, blocking: 0, violated: 0 };
  return { ...none, paths: {}, explained: {}, violations: [] };
}

const mostShown = 20;

function add<K extends string>(sums: Partial<Record<K, number>>, key: K, count: number): void {
  sums[key] = (sums[key] ?? 0) + count;
}

/** Adds what came of one world. */
function count(tally: Tally, { seed }: World, outcome: Outcome): void {
  tally.worlds++;
  tally.calls += outcome.calls;
  tally.blue += outcome.blue;
  tally.ready += outcome.judged.ready;
  tally.blocking += outcome.judged.blocking;
  for (const [path, activations] of outcome.activations) {
    tally.activations += activations;
    add(tally.paths, path, activations);
  }
  for (const [why, callers] of outcome.explained) add(tally.explained, why, callers);
  tally.violated += outcome.violations.length;
  const room = mostShown - tally.violations.length;
  tally.violations.push(...outcome.violations.slice(0, room).map((each) => ({ ...each, seed })));
}

/** Adds one tally to another. */
export function addTally(sum: Tally, tally: Tally): void {
  for (const key of ["worlds", "calls", "activations", "blue", "ready", "blocking", "violated"] as const) {
    sum[key] += tally[key];
  }
  for (const [path, activations] of Object.entries(tally.paths)) add(sum.paths, path as Path, activations);
  for (const [why, callers] of Object.entries(tally.explained))
    add(sum.explained, why as Explanation, callers);
  sum.violations.push(...tally.violations.slice(0, mostShown - sum.violations.length));
}

/** Lets the worlds of as many seeds happen, one after the other, in memory. */
export async function simulate(firstSeed: number, worlds: number): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = firstSeed; seed < firstSeed + worlds; seed++) {
    const world = worldOf(seed);
    count(tally, world, await run(world, new ModelLatchkey(world)));
  }
  return tally;
}

/** The first seed from this one on in whose world a broken rule breaks a promise; null when none of so many does. */
export async function findBroken(
  broken: Partial<Rules>,
  firstSeed: number,
  worlds: number,
): Promise<(Violation & { readonly seed: number }) | null> {
  for (let seed = firstSeed; seed < firstSeed + worlds; seed++) {
    const world = worldOf(seed);
    const [violation] = (await run(world, new ModelLatchkey(world, { ...realRules, ...broken }))).violations;
    if (violation) return { ...violation, seed };
  }
  return null;
}

/** What happens in the world of a seed, a line each. */
export async function replay(seed: number): Promise<string> {
  const world = worldOf(seed);
  const { gates, programs, steps, ...rest } = world;
  const moment = (at: number) => new Date(at).toISOString();
  const given = [
    `world ${seed}: ${moment(world.from)} to ${moment(world.until)} ${JSON.stringify(rest)}`,
    ...gates.map((gate, nth) => `gate ${nth}: ${JSON.stringify(gate)}`),
    ...programs.map((program) => `program ${program.id}: ${JSON.stringify(program)}`),
    ...steps.map(({ at, step }) => `planned ${moment(at)}: ${JSON.stringify(step)}`),
  ];
  const lines: string[] = [];
  const note = (at: number, text: string) => lines.push(`${moment(at)} ${text}`);
  const { violations, explained } = await run(world, new ModelLatchkey(world), note);
  const broken = violations.map(({ at, promise, text }) => `BROKEN ${moment(at)} ${promise}: ${text}`);
  const why = [...explained].map(([each, callers]) => `rejected, ${each}: ${callers}`);
  return [...given, ...lines, ...why, ...broken, `${violations.length} promises broken`].join("\n");
}

const share = (some: number, all: number) => `${((100 * some) / Math.max(all, 1)).toFixed(3)} %`;

/** What came of many worlds, in words. */
export function tallyText(tally: Tally, seeds: string): string {
  const { worlds, calls, activations, blue, paths, ready, blocking, violated } = tally;
  const line = (why: Explanation) => {
    const callers = tally.explained[why] ?? 0;
    return `  ${String(callers).padStart(8)}  ${share(callers, activations).padStart(9)}  ${why}`;
  };
  return [
    `simulated ${worlds} worlds (seeds ${seeds}) with ${calls} calls: ${activations} activations, ${blue} of them without asking`,
    `  by path: ${JSON.stringify(paths)}; callers on what was enforced: ${ready} ready, ${blocking} not`,
    `callers seen before that were rejected afterwards, and for how many in a hundred activations:`,
    ...explanations.filter((why) => !exceptions.includes(why)).map(line),
    "of these Latchkey does not warn (docs/decisions/0034-simulation.md):",
    ...exceptions.map(line),
    ...tally.violations.map(({ seed, promise, text }) => `  seed ${seed}: ${promise}: ${text}`),
    `${activations} activations, ${violated} violations`,
  ].join("\n");
}
