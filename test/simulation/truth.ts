import type { CallerRow } from "@/lib/db/callers";
import { knownFromRequests } from "@/lib/domain/grace";
import { blocks, isDismissed, isSetAside, type Judged } from "@/lib/domain/preflight";
import { settleMs } from "@/lib/domain/rotation";
import { hourMs } from "@/lib/domain/traffic";
import { type Call, habitAt, keyOf } from "./calls";
import { GraceGround, ratchetedAfterMs } from "./grace-ground";
import { clocksMs, explainLapse, type Heard } from "./lapse";
import {
  type Activation,
  type Answer,
  type ArmedLook,
  instanceName,
  type Latchkey,
  type Screen,
  staleMs,
  type Taken,
} from "./latchkey";
import { type Explanation, promises, type Violation } from "./promises";
import type { GateSpec, Sent, World } from "./world";

const never = Number.POSITIVE_INFINITY;

/** An instance's enforcement, and what was known when it began. */
interface Ground {
  readonly at: number;
  readonly live: number;
  readonly rows: ReadonlyMap<string, Judged<CallerRow>>;
  readonly screen: Screen | null;
  readonly newAfter: number;
  readonly grace: GraceGround | null;
  /** Known callers only were let in there already, since then. */
  readonly before: Ground | null;
}

/** Whether a gate may hear of a change after more than its usual time, and within what time it does. */
const isLate = ({ loses, cuts }: GateSpec) => loses > 0 || cuts.length > 0;
const hearsWithin = (gate: GateSpec) => gate.hearsMs + (isLate(gate) ? 2 * staleMs : 0);

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

const isIn = ({ rejected, maybe }: Screen, { caller }: Judged<CallerRow>) => {
  const groups = [rejected, maybe];
  if (caller.others) return rejected.others + maybe.others > 0;
  const isOne = ({ id }: { id: string }) => id === caller.id;
  const isProgram = ({ agent }: { agent: string }) => agent === caller.agent;
  return groups.some(({ callers, more }) => callers.some(isOne) || more.some(isProgram));
};

/** First heard so shortly before the name was typed that the question may have been read before. */
const isNewcomer = ({ firstSeenAt }: CallerRow, at: number) => at - firstSeenAt.getTime() <= 60_000;

interface Broken {
  readonly promise: keyof typeof promises;
  readonly text: string;
}

/** What really happened, whoever knows of it; and by it, whether the promises were kept. */
export class Truth {
  readonly violations: Violation[] = [];
  readonly explained = new Map<Explanation, number>();
  /** Callers that were Ready, and silent or wrong, at the activations. */
  readonly judged = { ready: 0, blocking: 0 };
  readonly #heard = new Map<string, Heard[]>();
  readonly #unwritten: Heard[][];
  readonly #grounds = new Map<number, Ground>();
  /** Rejections that were looked at already: by activation, caller and program. */
  readonly #seen = new Set<string>();
  readonly #dismissedAt = new Map<string, number>();
  readonly #leftOut = new Set<string>();
  /** Of each armed instance: since when it has been ready, whenever somebody looked. */
  readonly #readySince = new Map<number, number>();
  #armedAt = 0;
  readonly #latchkey: Pick<Latchkey, "isLive">;
  readonly #world: Pick<World, "gates" | "perInstance" | "trafficDays">;

  constructor(
    world: Pick<World, "gates" | "perInstance" | "trafficDays">,
    latchkey: Pick<Latchkey, "isLive">,
  ) {
    this.#world = world;
    this.#unwritten = world.gates.map(() => []);
    this.#latchkey = latchkey;
  }

  written(gate: number, at: number): void {
    for (const heard of this.#unwritten[gate] ?? []) heard.writtenAt = at;
    this.#unwritten[gate] = [];
  }

  killed(gate: number): void {
    this.#unwritten[gate] = [];
  }

  /** A call was answered. @returns why it was rejected, where that is of interest */
  called(call: Call, answer: Answer): string | null {
    if (answer.passed) this.#passed(call);
    const why = answer.rejected ? this.#rejected(call) : null;
    if (answer.observed) {
      const key = keyOf(call);
      const { at, program, sent } = call;
      const spec = this.#gateOf(call);
      const seenAt = at + spec.aheadMs;
      const heard: Heard = { at, seenAt, program, sent, ...answer, late: isLate(spec), writtenAt: never };
      const all = this.#heard.get(key);
      if (all) all.push(heard);
      else this.#heard.set(key, [heard]);
      this.#unwritten[call.gate]?.push(heard);
    }
    return why;
  }

  /** The owner said that some are gone, or do not belong here. */
  setAside({ dismissed = [], leftOut = [] }: Taken, at: number): void {
    for (const key of dismissed) this.#dismissedAt.set(key, at);
    for (const key of leftOut) this.#leftOut.add(key);
  }

  /** The hold time of armed instances begins anew. */
  restarted(): void {
    this.#readySince.clear();
  }

  /** Nothing is enforced any more. */
  released(): void {
    for (const [instance, { grace }] of this.#grounds) if (grace) this.#grounds.delete(instance);
  }

  /** Known callers get in until another time. */
  moved(until: number, at: number): void {
    for (const { grace } of this.#grounds.values()) grace?.move(until, at);
  }

  /** Known callers need the token from now on. */
  ended(keys: readonly string[], at: number): void {
    for (const { grace } of this.#grounds.values()) {
      for (const key of keys) if (grace?.known.has(key)) grace.ended.set(key, at);
    }
  }

  /** Somebody looked at what is armed. */
  looked({ armedAt, holdMs, judged, open, activation }: ArmedLook, at: number): void {
    if (armedAt !== this.#armedAt) this.restarted();
    this.#armedAt = armedAt;
    for (const instance of open) {
      const counting = judged.filter(
        ({ caller }) =>
          caller.instanceId === instanceName(instance) &&
          !isSetAside(caller) &&
          caller.firstSeenAt.getTime() <= armedAt + settleMs,
      );
      const before = this.#readySince.get(instance);
      const failed = (since: number) =>
        counting.some(
          ({ caller: { notLiveAt, dismissedAt } }) =>
            notLiveAt && notLiveAt.getTime() > since && !(dismissedAt && dismissedAt >= notLiveAt),
        );
      if (counting.some(blocks)) this.#readySince.delete(instance);
      else if (before === undefined || failed(before)) this.#readySince.set(instance, at);
      const since = this.#readySince.get(instance) ?? at;
      const isEnforced = activation?.enforced.includes(instance) ?? false;
      // To the millisecond, as moments are stored.
      const heldMs = Math.round(at) - Math.round(since);
      if (isEnforced ? heldMs < holdMs - 1 : heldMs > holdMs + 1) {
        const held = `ready for ${Math.round(heldMs / 1000)} s of ${holdMs / 1000} s`;
        this.#broken("hold", at, `${instanceName(instance)} is ${isEnforced ? "" : "not "}enforced: ${held}`);
      }
    }
  }

  /** Something was enforced. */
  activated({ judged, evidence, enforced, screen, newAfter, grace: given }: Activation, at: number): void {
    // How many requests a row has is worked out when it is asked for: it is to be told as it is now.
    const asNow = (each: Judged<CallerRow>) =>
      this.#world.perInstance < 500 ? { ...each, caller: { ...each.caller } } : each;
    const rows = new Map(judged.map((each) => [each.caller.id, asNow(each)]));
    const live = evidence.live.getTime();
    const grace = given ? new GraceGround(at, given.until, given.known, this.#mayBeKnown(rows)) : null;
    if (grace) this.#isKnownFairly(rows, grace, at);
    for (const instance of enforced) {
      const last = this.#grounds.get(instance);
      const before = last?.grace ? last : null;
      this.#grounds.set(instance, { at, live, rows, screen, newAfter, grace, before });
      const needsIt = ({ caller }: Judged<CallerRow>) =>
        before ? caller.inGrace : !grace?.known.has(caller.id);
      const own = judged.filter(
        ({ caller }) =>
          caller.instanceId === instanceName(instance) &&
          !isSetAside(caller) &&
          caller.firstSeenAt.getTime() <= newAfter,
      );
      const blocking = own.filter((each) => blocks(each) && needsIt(each));
      this.judged.ready += own.filter(({ verdict }) => verdict === "ready").length;
      this.judged.blocking += blocking.length;
      const unnamed = blocking.filter(
        (each) => screen === null || !(isIn(screen, each) || isNewcomer(each.caller, at)),
      );
      for (const { caller, verdict } of unnamed)
        this.#broken(screen ? "named" : "blue", at, `${caller.id} is ${verdict}`);
    }
    for (const each of judged) this.#isFair(each, live, evidence.current.getTime(), at);
  }

  #broken(promise: keyof typeof promises, at: number, text: string): void {
    this.violations.push({ promise: promises[promise], at, text: text.replaceAll("\n", " · ") });
  }

  /** Whoever has sent only live tokens for long enough is ready. */
  #isFair({ caller, verdict }: Judged<CallerRow>, live: number, current: number, at: number): void {
    if (caller.others || isSetAside(caller) || verdict === "ready") return;
    const heard = (this.#heard.get(caller.id) ?? []).filter(({ writtenAt }) => writtenAt <= at);
    const passes = (each: Heard) => each.looked && this.#wouldPass(each, at);
    const last = heard.at(-1);
    const changed = Math.max(live, current);
    if (!last || !passes(last) || last.at < changed + 2 * staleMs || this.#isTorn(caller, heard)) return;
    // Gates may hear of a change late, and mistake an old token or a new one until then; their clocks differ a little.
    const isMistaken = (each: Heard) =>
      each.looked && each.calledLive !== this.#latchkey.isLive(each.sent, each.at);
    const isNear = ({ at: then }: Heard) =>
      [live, current].some((change) => Math.abs(then - change) < 2 * staleMs);
    if (heard.some((each) => isNear(each) && isMistaken(each))) return;
    const since = heard.find(passes)?.at ?? at;
    if (heard.some((each) => each.looked && !passes(each) && each.at > since - 2000)) return;
    this.#broken("fair", at, `${caller.id} is ${verdict}`);
  }

  /** Whether some of what was written of a caller is in another row: a gate that holds enough callers uses the others'. */
  #isTorn(
    { firstSeenAt, requests = never }: CallerRow & { readonly requests?: number },
    written: readonly Heard[],
  ): boolean {
    const own = written.filter(({ at }) => at >= firstSeenAt.getTime() - clocksMs);
    return this.#world.perInstance < 500 && own.length > requests;
  }

  #isFirst(once: string): boolean {
    return !this.#seen.has(once) && this.#seen.add(once).has(once);
  }

  #gateOf({ gate }: Call): GateSpec {
    return this.#world.gates[gate] as GateSpec;
  }

  /** Callers that had been let in often enough to be known, and were not set aside. */
  #mayBeKnown(rows: Ground["rows"]): Set<string> {
    const found = new Set<string>();
    for (const [key, heard] of this.#heard) {
      const row = rows.get(key);
      const isAside = row !== undefined && isSetAside(row.caller);
      if (!isAside && heard.filter(({ passed }) => passed).length >= knownFromRequests) found.add(key);
    }
    return found;
  }

  /** Whoever was let in often enough, as far as it is written down and remembered, is known. */
  #isKnownFairly(rows: Ground["rows"], grace: GraceGround, at: number): void {
    const { perInstance, trafficDays } = this.#world;
    const oldest = at - (trafficDays - 1) * 24 * hourMs;
    for (const [key, { caller }] of rows) {
      if (caller.others || isSetAside(caller) || grace.known.has(key) || perInstance < 500) continue;
      const passed = (this.#heard.get(key) ?? []).filter(
        (each) => each.passed && each.writtenAt <= at && each.at > oldest,
      );
      if (passed.length >= knownFromRequests) this.#broken("known", at, `${key} is not known`);
    }
  }

  /** A call was let in: where known callers only are, it may have no right to be. */
  #passed(call: Call): void {
    const { program, at, sent } = call;
    const grace = this.#grounds.get(program.instance)?.grace;
    const hearsMs = hearsWithin(this.#gateOf(call));
    if (!grace || this.#latchkey.isLive(sent, at, at - hearsMs - clocksMs)) return;
    const key = keyOf(call);
    const broken = grace.brokenByPassing(key, at, hearsMs);
    if (broken === null || !this.#isFirst(`${grace.at}\n${broken}\n${key}`)) return;
    this.#broken(broken, at, `program ${program.id} as ${key} gets in without a live token`);
  }

  #rejected(call: Call): string | null {
    const ground = this.#grounds.get(call.program.instance);
    const key = keyOf(call);
    if (!ground) return null;
    if (!this.#isFirst(`${ground.at}\n${call.program.id}\n${key}`)) return null;
    const found = this.#explain(call, key, ground);
    if (found === null) return null;
    if (typeof found === "string") {
      this.explained.set(found, (this.explained.get(found) ?? 0) + 1);
      return found;
    }
    this.#broken(found.promise, call.at, `program ${call.program.id} as ${key} is rejected: ${found.text}`);
    return "PROMISE BROKEN";
  }

  /** Why this call is rejected; null when its caller had not been seen at all before the activation. */
  #explain(call: Call, key: string, ground: Ground): Explanation | Broken | null {
    const { program, at, sent } = call;
    if (this.#isLongLive(sent, at)) return { promise: "live", text: "its token is live" };
    const before = (this.#heard.get(key) ?? []).filter((each) => each.at <= ground.at);
    const known = before.filter(({ writtenAt }) => writtenAt <= ground.at);
    const row =
      ground.rows.get(key) ??
      (known.length > 0 ? ground.rows.get(instanceName(program.instance)) : undefined);
    const { grace } = ground;
    if (ground.before && !(row?.caller.inGrace ?? ground.before.grace?.known.has(key))) {
      return this.#explain(call, key, ground.before);
    }
    if (grace) {
      const hearsMs = hearsWithin(this.#gateOf(call));
      if (!grace.lasts(at, hearsMs)) return "time over";
      // It goes by what was so before.
      if (at <= grace.at + hearsMs) return null;
      if (grace.known.has(key)) return this.#explainKnown(call, key, grace);
    }
    if (before.length === 0) return null;
    const wouldPass = (each: Heard) => this.#wouldPass(each, ground.at);
    const habit = habitAt(program, ground.at);
    const mayForget = habit.forgets > 0 && sent === "nothing";
    if (this.#latchkey.isLive(habit.sends, ground.at) && !mayForget) return "changed since";
    const isOwn = (each: Heard) => each.program === program;
    if (!before.some(isOwn)) return "newcomer";
    const dismissedAt = this.#dismissedAt.get(key);
    // Whatever was written since: it is back when it calls.
    if (dismissedAt !== undefined && !known.some((each) => each.at > dismissedAt)) return "dismissed";
    if (this.#leftOut.has(key)) return "left out";
    if (row && row.caller.firstSeenAt.getTime() > ground.newAfter) return "new after arming";
    const looked = known.filter((each) => isOwn(each) && each.looked);
    const lapse = looked.findLast((each) => !wouldPass(each));
    if (row && blocks(row) && !isDismissed(row.caller)) {
      if (ground.screen && isIn(ground.screen, row)) return "named";
      if (ground.screen && isNewcomer(row.caller, ground.at)) return "newcomer";
      return { promise: ground.screen ? "named" : "blue", text: `it was ${row.verdict}` };
    }
    if (before.some((each) => isOwn(each) && each.writtenAt > ground.at && !wouldPass(each)))
      return "unwritten";
    if (!row) return "forgotten";
    if (looked.length === 0) return "only refused before";
    if (!mayForget && looked.at(-1) !== lapse) return "changed unheard";
    if (!lapse) return "first slip";
    // What was heard under a row of its own is forgotten by then, and the row of the others does not tell of it.
    const rememberedMs = this.#world.trafficDays * 24 * hourMs;
    if (row.caller.others && ground.at - lapse.at > rememberedMs) return "forgotten";
    const found = explainLapse(lapse, {
      row: row.caller,
      known,
      live: ground.live,
      at: ground.at,
      mayForget,
      wouldPass,
    });
    if (found) return found;
    if (this.#isTorn(row.caller, known)) return "among the others";
    const text = `${seconds(ground.at - lapse.at)} before the click without a token that is live, and ${seconds(at - ground.at)} after it`;
    return { promise: row.verdict === "ready" ? "ready" : "blue", text: `it was ${row.verdict}, ${text}` };
  }

  /** Why a known caller is rejected before the end: it was to need the token, and now does not send it. */
  #explainKnown({ program, at, sent }: Call, key: string, { ended }: GraceGround): Explanation | Broken {
    const endedAt = ended.get(key);
    if (endedAt === undefined) return { promise: "known", text: "it is known" };
    const wouldPass = (each: Heard) => this.#wouldPass(each, endedAt);
    const habit = habitAt(program, endedAt);
    const mayForget = habit.forgets > 0 && sent === "nothing";
    if (this.#latchkey.isLive(habit.sends, endedAt) && !mayForget) return "changed since";
    const own = (this.#heard.get(key) ?? []).filter((each) => each.program === program && each.at <= endedAt);
    if (own.length === 0) return "newcomer";
    const looked = own.filter((each) => each.looked);
    const lapse = looked.findLast((each) => !wouldPass(each));
    if (lapse && lapse.writtenAt > endedAt) return "unwritten";
    if (!mayForget && looked.at(-1) !== lapse) return "changed unheard";
    if (lapse?.calledLive && lapse.late) return "unheard of";
    if (lapse && endedAt - lapse.at < ratchetedAfterMs) {
      const text = `it had come without a live token ${seconds(endedAt - lapse.at)} before it was to need it, and does ${seconds(at - endedAt)} after it`;
      return { promise: "ratchet", text };
    }
    return mayForget ? "known: first slip" : "known: between turns";
  }

  /** Whether what was sent is live now, and was then: a program may send a token that is made only later. */
  #wouldPass({ sent, at }: Heard, now: number): boolean {
    return this.#latchkey.isLive(sent, now) && this.#latchkey.isLive(sent, at);
  }

  /** Live for so long that every gate knows it. */
  #isLongLive(sent: Sent, at: number): boolean {
    return this.#latchkey.isLive(sent, at) && this.#latchkey.isLive(sent, at - 2 * staleMs);
  }
}
