import type { Overlap } from "@/lib/domain/rotation";
import { hourMs } from "@/lib/domain/traffic";
import { Random } from "./random";

/** What a request carries: the account's first, second … token, or something that is none of them. */
export type Sent = number | "nothing" | "garbage" | "placeholder" | "foreign";

/** What a program sends from a moment on. */
interface Habit {
  readonly from: number;
  readonly sends: Sent;
  /** How often it sends nothing all the same: one of its paths was forgotten. */
  readonly forgets: number;
}

/** When a program calls. */
type Rhythm =
  | { readonly kind: "every"; readonly ms: number; readonly jitter: number }
  | {
      readonly kind: "days";
      readonly ofWeek: readonly number[];
      readonly at: number;
      readonly jitterMs: number;
    }
  | { readonly kind: "rarely"; readonly meanMs: number };

/** A program that calls an instance. Two with one name behind one address are one caller to Latchkey. */
export interface Program {
  readonly id: number;
  readonly instance: number;
  readonly userAgent: string;
  readonly rhythm: Rhythm;
  /** From when to when it runs, and when it is down in between. */
  readonly from: number;
  readonly until: number;
  readonly pauses: readonly (readonly [from: number, until: number])[];
  readonly habits: readonly Habit[];
  /** The addresses it has, one after the other; all at once when it hops. */
  readonly addresses: readonly { readonly from: number; readonly address: string }[];
  readonly hops: boolean;
  /** The gate that a balancer sends it to; null: any. */
  readonly gate: number | null;
}

/** A gate, and what befalls it. */
export interface GateSpec {
  /** How far its clock is ahead. */
  readonly aheadMs: number;
  /** Within what time it hears of a change, and its statistics are written. */
  readonly hearsMs: number;
  readonly writesMs: number;
  /** Announcements that are lost; then it looks for itself after half a minute at the latest. */
  readonly loses: number;
  /** When it cannot reach the database, and when it is killed. */
  readonly cuts: readonly (readonly [from: number, until: number])[];
  readonly kills: readonly number[];
}

/** How the owner enforces the token. `all`, `one` and `grace` ask for the account's name when somebody may break. */
export type Path = "ready" | "all" | "one" | "armed" | "grace";

/** What the owner does. */
export type Step =
  | { readonly do: "configure" | "regenerate" | "remove" | "finish" | "deactivate" | "disarm" }
  | { readonly do: "rotate"; readonly overlap: Overlap }
  | { readonly do: "pause"; readonly instance: number; readonly paused: boolean }
  /** Calls those gone that are overdue, or all that are waited for; or says that those that break do not belong here. */
  | { readonly do: "dismiss"; readonly whom: "overdue" | "silent" }
  | { readonly do: "leave out" }
  /** Reads whom activating would reject, a while before the name is typed. */
  | { readonly do: "read"; readonly path: "all" | "one"; readonly instance: number }
  | {
      readonly do: "activate";
      readonly path: Exclude<Path, "armed" | "grace">;
      readonly instance: number;
      readonly typesName: boolean;
    }
  | { readonly do: "arm"; readonly holdSeconds: number }
  /** Lets in known callers only; of those, perhaps without the ones that deserve a look. Or for another time. */
  | {
      readonly do: "protect";
      readonly days: number;
      readonly leavesOut: boolean;
      readonly typesName: boolean;
    }
  | { readonly do: "shorten"; readonly days: number };

interface TimedStep {
  readonly at: number;
  readonly step: Step;
}

/** Everything that is given. What comes of it is up to Latchkey. */
export interface World {
  readonly seed: number;
  readonly from: number;
  readonly until: number;
  readonly instances: number;
  readonly gates: readonly GateSpec[];
  readonly programs: readonly Program[];
  readonly steps: readonly TimedStep[];
  /** When no dashboard runs, so that nobody looks at what is armed. */
  readonly downs: readonly (readonly [from: number, until: number])[];
  /** Callers kept apart for each instance and the account, and days that they are remembered. */
  readonly perInstance: number;
  readonly perAccount: number;
  readonly trafficDays: number;
}

const minuteMs = 60_000;
const dayMs = 24 * hourMs;

/** A Monday. */
const beginning = Date.UTC(2026, 10, 2);

const userAgents = ["curl/8.5.0", "n8n", "axios/1.7.9", "python-requests/2.31"] as const;

/** How long a world lasts, and which rhythms are common in it. */
interface Scale {
  readonly span: readonly [least: number, most: number];
  readonly every: readonly [least: number, most: number];
  readonly byDays: number;
}

const scales: readonly [Scale, ...Scale[]] = [
  { span: [hourMs, 12 * hourMs], every: [2000, 30 * minuteMs], byDays: 0 },
  { span: [3 * dayMs, 20 * dayMs], every: [minuteMs, 12 * hourMs], byDays: 0.4 },
  { span: [25 * dayMs, 75 * dayMs], every: [30 * minuteMs, 3 * dayMs], byDays: 0.5 },
];

function rhythm(random: Random, { every, byDays }: Scale): Rhythm {
  if (random.chance(0.05)) return { kind: "rarely", meanMs: random.magnitude(every[1], 4 * every[1]) };
  if (!random.chance(byDays)) {
    return { kind: "every", ms: random.magnitude(...every), jitter: random.of([0, 0.02, 0.3]) };
  }
  const weekday = random.whole(0, 6);
  const ofWeek = random.of<number[]>([
    [0, 1, 2, 3, 4, 5, 6],
    [0, 1, 2, 3, 4],
    [weekday],
    [weekday, (weekday + 3) % 7],
  ]);
  const jitterMs = random.of([0, 5 * minuteMs, hourMs]);
  return { kind: "days", ofWeek, at: random.between(0, dayMs), jitterMs };
}

/** Longest time between two turns. */
export function turnOf(rhythm: Rhythm): number {
  if (rhythm.kind === "every") return rhythm.ms;
  if (rhythm.kind === "rarely") return rhythm.meanMs;
  return (rhythm.ofWeek.length === 7 ? 1 : rhythm.ofWeek.length === 1 ? 7 : 3) * dayMs;
}

interface Plan {
  readonly steps: TimedStep[];
  /** When each of the account's tokens is made. */
  readonly tokens: number[];
}

/** What the owner does: a token, perhaps another one, and then once or several times an activation. */
function plan(random: Random, from: number, until: number, instances: number): Plan {
  const steps: TimedStep[] = [];
  const tokens: number[] = [];
  const span = until - from;
  const add = (at: number, step: Step) => steps.push({ at, step });
  const make = (at: number, step: Step) => {
    tokens.push(at);
    add(at, step);
  };
  let at = from + (random.chance(0.15) ? 0 : random.between(0.1, 0.5) * span);
  make(at, { do: "configure" });
  const later = (least: number, most: number) => at + random.magnitude(least * span, most * span);
  for (let left = random.whole(1, 3); left > 0 && at < until - 0.1 * span; left--) {
    if (random.chance(0.15)) {
      at = later(0.005, 0.2);
      if (random.chance(0.3)) {
        add(at, { do: "remove" });
        at = later(0.0005, 0.05);
        make(at, { do: "configure" });
      } else make(at, { do: "regenerate" });
    }
    at = later(0.001, 0.4);
    if (random.chance(0.25)) {
      add(at, { do: "dismiss", whom: random.chance(0.7) ? "overdue" : "silent" });
      at += random.between(0, 0.01) * span;
    }
    const path = random.of<Path>(["ready", "all", "one", "armed", "grace"]);
    const instance = random.whole(0, instances - 1);
    if (path === "armed") {
      const holdSeconds = random.of([60, 600, 600, 3600, 86_400, 259_200]);
      add(at, { do: "arm", holdSeconds });
      if (random.chance(0.2)) add(later(0.01, 0.5), { do: "disarm" });
    } else if (path === "grace") {
      const days = random.of([1, 2, 3, 7, 14]);
      const [leavesOut, typesName] = [random.chance(0.3), random.chance(0.8)];
      add(at, { do: "protect", days, leavesOut, typesName });
      if (random.chance(0.2)) add(later(0.01, 0.3), { do: "shorten", days: random.of([1, 3, 10]) });
    } else add(at, { do: "activate", path, instance, typesName: random.chance(0.5) });
    if (random.chance(0.05)) add(later(0.0001, 0.1) - 0.001 * span, { do: "leave out" });
    const activated = at;
    if (random.chance(0.15)) {
      at = later(0.01, 0.1);
      make(at, { do: "rotate", overlap: random.of(["1h", "24h", "7d", "open", "now"]) });
      if (random.chance(0.5)) add(later(0.001, 0.1), { do: "finish" });
    }
    at = Math.max(at, activated + random.between(0.1, 0.4) * span);
    if (left > 1 && !(path === "grace" && random.chance(0.5))) add(at, { do: "deactivate" });
  }
  if (random.chance(0.1)) {
    const instance = random.whole(0, instances - 1);
    const begin = random.between(from, until);
    add(begin, { do: "pause", instance, paused: true });
    add(begin + random.between(0.01, 0.3) * span, { do: "pause", instance, paused: false });
  }
  return { steps: steps.filter((each) => each.at < until).sort((one, other) => one.at - other.at), tokens };
}

/** The steps, each question read one second to two minutes before it is answered. */
function withReading(steps: readonly TimedStep[]): TimedStep[] {
  return steps
    .flatMap((each): TimedStep[] => {
      const { at, step } = each;
      if (step.do !== "activate" || step.path === "ready" || !step.typesName) return [each];
      const readingMs = 1000 * (1 + (Math.floor(at) % 120));
      return [{ at: at - readingMs, step: { do: "read", path: step.path, instance: step.instance } }, each];
    })
    .sort((one, other) => one.at - other.at);
}

/** What a program sends over time: nothing at first, then each token some time after it was made, if ever. */
function habits(random: Random, turnMs: number, tokens: readonly number[], span: number): Habit[] {
  const forgets = random.chance(0.12) ? random.of([0.02, 0.2, 0.5]) : 0;
  const first: Sent = random.chance(0.85)
    ? "nothing"
    : random.of<Sent>(["garbage", "placeholder", "foreign", 0]);
  const found: Habit[] = [{ from: Number.NEGATIVE_INFINITY, sends: first, forgets: 0 }];
  const add = (from: number, sends: Sent) => {
    if (from > (found.at(-1)?.from ?? 0))
      found.push({ from, sends, forgets: sends === "nothing" ? 0 : forgets });
  };
  for (const [nth, made] of tokens.entries()) {
    if (!random.chance(0.8)) continue;
    add(made + random.magnitude(Math.min(turnMs / 10, span / 100), span / 2), nth);
    // Somebody takes it back, or breaks it.
    if (random.chance(0.04)) {
      const sends = random.of<Sent>(["nothing", "nothing", "placeholder", "garbage"]);
      add(made + random.between(0.1, 1) * span, sends);
    }
  }
  return found;
}

function addresses(random: Random, from: number, until: number, offices: readonly [string, ...string[]]) {
  const own = () => `203.0.113.${random.whole(1, 250)}`;
  const one = () => (random.chance(0.6) ? random.of(offices) : own());
  if (random.chance(0.05)) {
    const many = random.chance(0.3) ? random.whole(20, 45) : random.whole(2, 8);
    const pool = Array.from({ length: many }, (_, nth) => ({ from, address: `198.51.100.${nth + 1}` }));
    return { addresses: pool, hops: true };
  }
  const moves = random.chance(0.2) ? random.whole(1, 3) : 0;
  const times = Array.from({ length: moves }, () => random.between(from, until)).sort((a, b) => a - b);
  return { addresses: [from, ...times].map((at) => ({ from: at, address: one() })), hops: false };
}

function gate(random: Random, { from, until, steps }: Pick<World, "from" | "until" | "steps">): GateSpec {
  const cut = () => {
    const step = steps[random.whole(0, steps.length - 1)];
    // Mostly when the owner is at work, because then it matters.
    const begin =
      step && random.chance(0.7) ? step.at - random.magnitude(1000, hourMs) : random.between(from, until);
    return [begin, begin + random.magnitude(1000, 2 * hourMs)] as const;
  };
  return {
    aheadMs: random.chance(0.6) ? 0 : random.between(-50, 50),
    hearsMs: random.magnitude(1, 200),
    writesMs: random.chance(0.1) ? random.magnitude(1000, 20_000) : random.magnitude(20, 1000),
    loses: random.chance(0.1) ? 0.5 : 0,
    cuts: random.chance(0.15) ? [cut()] : [],
    kills: random.chance(0.1) ? [random.between(from, until)] : [],
  };
}

/** Often while instances are to be enforced by themselves after a day or more. */
function downs(
  random: Random,
  { from, until, steps }: Pick<World, "from" | "until" | "steps">,
): World["downs"] {
  const arming = steps.find(({ step }) => step.do === "arm" && step.holdSeconds >= 86_400);
  if (arming && random.chance(0.4)) {
    const begin = arming.at + random.magnitude(hourMs, 3 * dayMs);
    return [[begin, begin + random.between(dayMs, 4 * dayMs)]];
  }
  const begin = random.between(from, until);
  return random.chance(0.1) ? [[begin, begin + random.magnitude(0.001, 0.3) * (until - from)]] : [];
}

/** Makes the world of a seed. */
export function worldOf(seed: number, monday = beginning): World {
  const random = new Random(seed);
  const scale = random.of(scales);
  const from = monday + random.between(0, 7 * dayMs);
  const span = random.magnitude(...scale.span);
  const until = from + span;
  const instances = random.whole(1, 3);
  const { steps, tokens } = plan(random, from, until, instances);
  const gates = Array.from({ length: random.whole(1, 3) }, () => gate(random, { from, until, steps }));
  const offices = ["192.0.2.1", "192.0.2.2"] as const;
  const programs: Program[] = [];
  for (let left = random.whole(2, 6); left > 0; left--) {
    const own = rhythm(random, scale);
    const begins = random.chance(0.7) ? from : random.between(from, until);
    const ends = random.chance(0.2) ? random.between(begins, until) : until;
    const down = random.between(begins, ends);
    const sends = habits(random, turnOf(own), tokens, span);
    const changes = sends.at(1)?.from ?? ends;
    // Tried once with the token, and then not needed for a while.
    const tried = changes + random.between(1, 2) * turnOf(own);
    const begin = random.chance(0.1) ? tried : down;
    const before = programs.at(-1);
    const isTwin = before !== undefined && random.chance(0.35);
    programs.push({
      id: programs.length,
      instance: isTwin ? before.instance : random.whole(0, instances - 1),
      userAgent: isTwin ? before.userAgent : random.of(userAgents),
      rhythm: own,
      from: begins,
      until: ends,
      pauses:
        begin === tried || random.chance(0.2) ? [[begin, begin + random.magnitude(0.001, 0.3) * span]] : [],
      habits: sends,
      ...(isTwin
        ? { addresses: before.addresses, hops: before.hops }
        : addresses(random, begins, ends, offices)),
      gate: random.chance(0.4) ? random.whole(0, gates.length - 1) : null,
    });
  }
  const isCrowded = random.chance(0.1);
  return {
    seed,
    ...{ from, until, instances, gates, programs },
    steps: withReading(steps),
    downs: downs(random, { from, until, steps }),
    perInstance: isCrowded ? random.whole(1, 4) : 500,
    perAccount: isCrowded ? random.whole(2, 6) : 5000,
    trafficDays: random.chance(0.1) ? 7 : 30,
  };
}
