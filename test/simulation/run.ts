import { callsOf, keyOf } from "./calls";
import { type Activation, type Latchkey, lookMs, refused } from "./latchkey";
import type { Explanation, Violation } from "./promises";
import { Truth } from "./truth";
import type { Path, Step, World } from "./world";

/** What came of a world. */
export interface Outcome {
  readonly calls: number;
  /** Activations by how they were made, and those of them on the blue button. */
  readonly activations: Map<Path, number>;
  readonly blue: number;
  readonly violations: readonly Violation[];
  readonly explained: ReadonlyMap<Explanation, number>;
  readonly judged: { readonly ready: number; readonly blocking: number };
}

/** Told what happens, step by step, where somebody wants to read it. */
type Note = (at: number, text: string) => void;

const textOf = (step: Step) => JSON.stringify(step).replaceAll('"', "");

function activationText({ judged, enforced, screen }: Activation): string {
  const callers = judged.map(
    ({ caller, verdict }) => `\n      ${verdict.padEnd(11)} ${caller.id.replaceAll("\n", " · ")}`,
  );
  return `enforced on ${enforced.join(", ")}${screen ? " after the name was typed" : ""}, judged:${callers.join("")}`;
}

/** Steps after which armed instances have to be ready for the whole hold time again: a token ends. */
const restarts = (step: Step) =>
  step.do === "regenerate" || step.do === "remove" || (step.do === "rotate" && step.overlap === "now");

const never = Number.POSITIVE_INFINITY;

/** When each gate writes what it has seen. */
class Writing {
  readonly due: number[];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.due = world.gates.map(() => never);
  }

  /** A gate has something to write: soon, or when it reaches the database again. */
  plan(gate: number, at: number): void {
    if (this.due[gate] !== never) return;
    const spec = this.#world.gates[gate];
    const cut = spec?.cuts.find(([from, until]) => at >= from && at < until);
    this.due[gate] = (cut?.[1] ?? at) + (spec?.writesMs ?? 0);
  }

  next(): number {
    let first = 0;
    for (let gate = 1; gate < this.due.length; gate++) {
      if ((this.due[gate] ?? 0) < (this.due[first] ?? 0)) first = gate;
    }
    return first;
  }
}

/** Lets a world happen to Latchkey, and says whether it kept its promises. */
export async function run(world: World, latchkey: Latchkey, note: Note | null = null): Promise<Outcome> {
  const calls = callsOf(world);
  const truth = new Truth(world, latchkey);
  const writing = new Writing(world);
  const kills = world.gates
    .flatMap(({ kills }, gate) => kills.map((at) => ({ at, gate })))
    .sort((one, other) => one.at - other.at);
  const activations = new Map<Path, number>();
  // Verdicts change by themselves, too.
  const quietMs = Math.max((world.until - world.from) / 30, lookMs);
  let [blue, nextCall, nextStep, nextKill, lookAt] = [0, 0, 0, 0, never];
  const activated = (path: Path, activation: Activation, at: number) => {
    activations.set(path, (activations.get(path) ?? 0) + 1);
    if (activation.screen === null) blue++;
    truth.activated(activation, at);
  };
  for (;;) {
    const call = calls[nextCall];
    const step = world.steps[nextStep];
    const kill = kills[nextKill];
    const writer = writing.next();
    const stepAt = step?.at ?? never;
    const killAt = kill?.at ?? never;
    const writeAt = writing.due[writer] ?? never;
    const at = Math.min(call?.at ?? never, stepAt, killAt, writeAt, lookAt);
    if (at >= world.until) break;
    if (at === writeAt) {
      writing.due[writer] = never;
      await latchkey.write(writer, at);
      truth.written(writer, at);
      if (lookAt !== never) lookAt = Math.min(lookAt, at + lookMs);
    } else if (at === lookAt) {
      const down = world.downs.find(([from, until]) => at >= from && at < until);
      const look = down ? null : await latchkey.keep(at);
      lookAt = down ? down[1] : look ? Math.min(look.next, at + quietMs) : never;
      if (!look) continue;
      const { armed, ended } = look;
      if (ended.length > 0)
        note?.(at, `needs the token from now on: ${ended.join(", ").replaceAll("\n", " · ")}`);
      truth.ended(ended, at);
      if (armed) truth.looked(armed, at);
      if (!armed?.activation) continue;
      note?.(at, `armed: ${activationText(armed.activation)}`);
      activated("armed", armed.activation, at);
    } else if (at === killAt && kill) {
      nextKill++;
      writing.due[kill.gate] = never;
      await latchkey.kill(kill.gate, at);
      truth.killed(kill.gate);
      note?.(at, `gate ${kill.gate} is killed`);
    } else if (at === stepAt && step) {
      nextStep++;
      const taken = await latchkey.take(step.step, at);
      const { activation } = taken;
      truth.setAside(taken, at);
      if (taken !== refused && restarts(step.step)) truth.restarted();
      if (taken !== refused && step.step.do === "deactivate") truth.released();
      if (taken.graceUntil !== undefined) truth.moved(taken.graceUntil, at);
      lookAt = Math.min(lookAt, at + lookMs);
      note?.(
        at,
        `owner: ${textOf(step.step)}${taken === refused ? ": refused" : ""}${activation ? `: ${activationText(activation)}` : ""}`,
      );
      if (activation) activated(step.step.do === "activate" ? step.step.path : "grace", activation, at);
    } else if (call) {
      nextCall++;
      const answer = await latchkey.call(call, at);
      const why = truth.called(call, answer);
      if (answer.observed) writing.plan(call.gate, at);
      note?.(
        at,
        `program ${call.program.id} as ${keyOf(call).replaceAll("\n", " · ")} through gate ${call.gate} sends ${call.sent}: ` +
          `${answer.passed ? "passes" : answer.rejected ? "rejected" : "refused"}${why ? ` (${why})` : ""}`,
      );
    }
  }
  const { violations, explained, judged } = truth;
  return { calls: calls.length, activations, blue, violations, explained, judged };
}
