import { hourMs } from "@/lib/domain/traffic";
import { agentProduct } from "@/lib/domain/user-agent";
import { rowKey } from "./caller-table";
import { instanceName } from "./latchkey";
import { Random } from "./random";
import { type Program, type Sent, turnOf, type World } from "./world";

/** A request that a program makes. */
export interface Call {
  readonly at: number;
  readonly program: Program;
  readonly address: string;
  readonly gate: number;
  readonly sent: Sent;
}

const dayMs = 24 * hourMs;

/** Turns before and after a moment of interest in which every call is made. */
const closely = 2;
/** Calls that a program makes in between, at most: the others would be like them. */
const inBetween = 24;

/** Ascending times at which a program calls, within its world. */
function timesOf({ rhythm, from, until }: Program, world: World, moments: readonly number[], random: Random) {
  const times: number[] = [];
  if (rhythm.kind === "days") {
    const first = Math.floor(world.from / dayMs);
    for (let day = first; day * dayMs < until; day++) {
      const isTurn = rhythm.ofWeek.includes((day + 3) % 7);
      if (isTurn) times.push(day * dayMs + rhythm.at + random.next() * rhythm.jitterMs);
    }
    return times.filter((at) => at >= from && at < until);
  }
  const turn = turnOf(rhythm);
  const quiet = (world.until - world.from) / inBetween;
  let nth = 0;
  for (let at = from + random.next() * turn; at < until; ) {
    times.push(at);
    while (nth < moments.length && (moments[nth] ?? 0) + closely * turn < at) nth++;
    const begins = (moments[nth] ?? Number.POSITIVE_INFINITY) - closely * turn;
    const step =
      rhythm.kind === "rarely"
        ? -rhythm.meanMs * Math.log(1 - random.next())
        : turn * (1 + rhythm.jitter * (2 * random.next() - 1));
    // Nothing happens between this moment of interest and the next, so that few calls tell as much as all.
    const far = at + Math.max(step, quiet);
    at = begins <= at ? at + step : Math.max(at + step, Math.min(far, begins + turn * random.next()));
  }
  return times;
}

/** What a program would send at a moment, unless it forgets. */
export function habitAt({ habits }: Program, at: number) {
  const habit = habits.findLast(({ from }) => from <= at) ?? habits[0];
  if (!habit) throw new Error("a program sends something");
  return habit;
}

/** Every call of a world, in order. */
export function callsOf(world: World): Call[] {
  const random = new Random(world.seed ^ 0x5bd1e995);
  const steps = world.steps.flatMap(({ at, step }) =>
    step.do === "protect" || step.do === "shorten" ? [at, at + step.days * dayMs] : [at],
  );
  const calls: Call[] = [];
  for (const program of world.programs) {
    const moments = [...steps, ...program.habits.slice(1).map(({ from }) => from)].sort((a, b) => a - b);
    for (const at of timesOf(program, world, moments, random)) {
      if (program.pauses.some(([from, until]) => at >= from && at < until)) continue;
      const { sends, forgets } = habitAt(program, at);
      const sent = forgets > 0 && random.chance(forgets) ? "nothing" : sends;
      const place = program.hops
        ? program.addresses[random.whole(0, program.addresses.length - 1)]
        : program.addresses.findLast(({ from }) => from <= at);
      const gate = program.gate ?? random.whole(0, world.gates.length - 1);
      calls.push({ at: Math.floor(at), program, address: place?.address ?? "192.0.2.9", gate, sent });
    }
  }
  return calls.sort((one, other) => one.at - other.at || one.program.id - other.program.id);
}

const products = new Map<string, string>();

function productOf(userAgent: string): string {
  const product = products.get(userAgent) ?? agentProduct(userAgent);
  products.set(userAgent, product);
  return product;
}

/** The key of the caller that a call makes. */
export function keyOf({ program, address }: Call): string {
  return rowKey(instanceName(program.instance), address, productOf(program.userAgent));
}
