import type { CallerRow } from "@/lib/db/callers";
import { breaksSomebody } from "@/lib/domain/consequence";
import {
  afterSwitch,
  canChange,
  type Enforcement,
  enforcementNow,
  isEnforced,
  type TokenChange,
  tokenStatus,
} from "@/lib/domain/enforcement";
import type { InstancePolicy } from "@/lib/domain/gate";
import { marksOf } from "@/lib/domain/grace";
import { namedBy } from "@/lib/domain/named-callers";
import type { Judged } from "@/lib/domain/preflight";
import type { Evidence } from "@/lib/domain/preflight-evidence";
import { settleMs } from "@/lib/domain/rotation";
import { hourMs } from "@/lib/domain/traffic";
import { type JudgedCallers, notYetDemanded } from "@/lib/services/callers/judge";
import { sortCallers } from "@/lib/services/security-token/grace";
import { instancePolicy } from "../support/instance-policy";
import { CallerTable } from "./caller-table";
import type { Call } from "./calls";
import { GateInMemory, tokenDigest } from "./gate-in-memory";
import { graceRowsOf, KnownInMemory } from "./known-in-memory";
import {
  type Activation,
  type Answer,
  type ArmedLook,
  instanceName,
  type Latchkey,
  type Look,
  refused,
  type Screen,
  type Taken,
} from "./latchkey";
import { Random } from "./random";
import { type Rules, realRules } from "./rules";
import { dismissWaitedFor, leaveOutBreaking } from "./set-aside";
import { TokensInMemory } from "./tokens-in-memory";
import type { Sent, Step, World } from "./world";

const dayMs = 24 * hourMs;

const nobody = { callers: [], more: [], others: 0 };

/** A step was taken, and there is no more to say. */
const done: Taken = {};

/** Latchkey in memory: the real rules, decision and sums of the gate, on a table of callers that is a map. */
export class ModelLatchkey implements Latchkey {
  readonly table: CallerTable;
  readonly #rules: Rules;
  readonly #world: World;
  readonly #gates: readonly GateInMemory[];
  readonly #tokens = new TokensInMemory();
  readonly #paused: boolean[];
  readonly #enforced: boolean[];
  /** Since when all callers of an instance are ready, while the token is armed. */
  readonly #readySince: (Date | null)[];
  #armed: { readonly at: Date; readonly holdSeconds: number } | null = null;
  #enforcement: Enforcement = "off";
  #graceUntil: Date | null = null;
  readonly #known = new KnownInMemory();
  #epoch = 0n;
  /** Whom the question named when it was read. */
  #screen: Screen | null = null;
  /** What pages showed before the click, for a rule that goes by it. */
  #shown: Activation["judged"] = [];
  #shownAt = 0;

  constructor(world: World, rules: Rules = realRules) {
    this.#world = world;
    this.#rules = rules;
    this.table = new CallerTable(world.perInstance, world.perAccount, rules.merge);
    const random = new Random(world.seed ^ 0x27d4eb2f);
    this.#paused = Array.from({ length: world.instances }, () => false);
    this.#enforced = Array.from({ length: world.instances }, () => false);
    this.#readySince = Array.from({ length: world.instances }, () => null);
    const policies = this.#policies();
    this.#gates = world.gates.map((spec) => new GateInMemory(spec, world, rules.decide, random, policies));
  }

  call(call: Call, at: number): Answer {
    return this.#gateOf(call.gate).call(call, at);
  }

  write(nth: number, at: number): void {
    this.table.write(this.#gateOf(nth).aggregator.drain());
    this.#look(at);
  }

  kill(nth: number): void {
    this.#gateOf(nth).restart();
  }

  isLive(sent: Sent, at: number, since?: number): boolean {
    return this.#tokens.isLive(sent, at, since);
  }

  take(step: Step, at: number): Taken {
    this.table.forget(at, this.#world.trafficDays, this.#armed?.at.getTime() ?? null);
    this.#endGrace(at);
    const taken = this.#change(step, at);
    if (this.#enforcement !== "grace") this.#forgetKnown();
    if (taken !== refused) this.#announce(at);
    return taken;
  }

  keep(at: number): Look | null {
    this.table.forget(at, this.#world.trafficDays, this.#armed?.at.getTime() ?? null);
    const lookedAt = this.#lookAtArmed(at);
    this.#endGrace(at);
    const graceUntil = this.#graceUntil?.getTime() ?? Number.POSITIVE_INFINITY;
    const evidence = this.#graceUntil && this.#evidenceAt(new Date(at));
    const ended = evidence ? this.#known.look(this.table, evidence, this.#rules, new Date(at)) : [];
    if (ended.length > 0) this.#announce(at);
    if (lookedAt === null && this.#graceUntil === null) return null;
    const next = Math.min(lookedAt?.next ?? graceUntil, graceUntil);
    return { next, ended, armed: lookedAt?.armed ?? null };
  }

  /** The time of known callers is over: gates know that by themselves, this says it for good. */
  #endGrace(at: number): void {
    const given = { enforcement: this.#enforcement, graceUntil: this.#graceUntil };
    if (this.#enforcement !== "grace" || enforcementNow(given, new Date(at)) === "grace") return;
    this.#enforcement = "on";
    this.#armed = null;
    this.#forgetKnown();
    this.#announce(at);
  }

  #forgetKnown(): void {
    this.#graceUntil = null;
    this.#known.forget();
  }

  #lookAtArmed(at: number): { readonly armed: ArmedLook; readonly next: number } | null {
    if (this.#armed === null) return null;
    const now = new Date(at);
    const found = this.#judgeNow(now);
    if (!found || this.#enforcement === "on") return null;
    const { at: armedAt, holdSeconds } = this.#armed;
    const open = [...this.#enforced.keys()].filter((nth) => !this.#enforced[nth]);
    const asked = notYetDemanded(this.#judgement(found));
    const due: number[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const nth of open) {
      const own = asked.filter(({ caller }) => caller.instanceId === instanceName(nth));
      const arming = { armedAt, holdSeconds, readySince: this.#readySince[nth] ?? null };
      const { readySince, enforcedAt, enforce } = this.#rules.judgeArmed(own, arming, now);
      this.#readySince[nth] = enforce ? null : readySince;
      if (enforce) due.push(nth);
      else next = Math.min(next, enforcedAt?.getTime() ?? next);
    }
    const judged = notYetDemanded(this.#judgement({ ...found, judged: this.#judgeTruly(now) }));
    const armed = { armedAt: armedAt.getTime(), holdMs: holdSeconds * 1000, judged, open };
    if (due.length === 0) return { armed, next };
    for (const nth of due) this.#enforced[nth] = true;
    this.#enforcement = afterSwitch(this.#enforcement, true, this.#enforced.length - open.length).enforcement;
    if (due.length === open.length) {
      this.#enforcement = "on";
      this.#armed = null;
      this.#forgetKnown();
    }
    this.#announce(at);
    const newAfter = armedAt.getTime() + settleMs;
    return { armed: { ...armed, activation: { ...found, enforced: due, screen: null, newAfter } }, next };
  }

  #announce(at: number): void {
    const policies = this.#policies();
    for (const { hearing } of this.#gates) hearing.announce(policies, at);
  }

  #gateOf(nth: number): GateInMemory {
    const gate = this.#gates[nth];
    if (!gate) throw new Error("there is no such gate");
    return gate;
  }

  #change(step: Step, at: number): Taken {
    const now = new Date(at);
    const { current } = this.#tokens;
    const retiring = this.#tokens.retiringAt(now);
    const judged = () => this.#judgeNow(now)?.judged ?? [];
    const can = (change: TokenChange) =>
      canChange(tokenStatus(current !== undefined, this.#enforcement), change, retiring !== undefined);
    switch (step.do) {
      case "configure":
      case "regenerate":
      case "remove":
        if (!can(step.do)) return refused;
        this.#retireAll(now);
        if (step.do === "remove") this.#armed = null;
        else this.#tokens.mint(now);
        return done;
      case "rotate":
        if (!can(step.overlap === "now" ? "replace" : "rotate") || !current) return refused;
        if (step.overlap === "now") this.#retireAll(now);
        else this.#tokens.beginRetirement(step.overlap, now);
        this.#tokens.mint(now);
        return done;
      case "finish":
        if (!can("finish") || !retiring) return refused;
        this.#tokens.finish(now);
        return done;
      case "deactivate":
        if (!can("deactivate")) return refused;
        this.#enforcement = "off";
        this.#enforced.fill(false);
        this.#armed = null;
        return done;
      case "arm":
        if (!can("arm") || this.#enforced.every(Boolean)) return refused;
        if (this.#armed === null) this.#readySince.fill(null);
        this.#armed = { at: this.#armed?.at ?? now, holdSeconds: step.holdSeconds };
        return done;
      case "disarm":
        if (!can("disarm") || this.#armed === null) return refused;
        this.#armed = null;
        return done;
      case "pause":
        this.#paused[step.instance] = step.paused;
        return done;
      case "dismiss":
        return { dismissed: dismissWaitedFor(this.table, judged(), step.whom, now) };
      case "leave out":
        return { leftOut: leaveOutBreaking(this.table, judged(), now) };
      case "protect":
        return current && can("protect") ? this.#protect(step, now) : refused;
      case "shorten":
        if (!can("shorten")) return refused;
        this.#graceUntil = new Date(at + step.days * dayMs);
        return { graceUntil: this.#graceUntil.getTime() };
      case "read":
        this.#screen = this.#screenOf(step, now);
        return refused;
      case "activate":
        return current ? this.#activate(step, now, can) : refused;
    }
  }

  #retireAll(now: Date): void {
    this.#readySince.fill(null);
    this.#tokens.retireAll(now);
  }

  #policies(): InstancePolicy[] {
    this.#epoch++;
    const tokens = this.#tokens.forGates();
    return this.#paused.map((paused, instance) =>
      instancePolicy(instanceName(instance), {
        tokenDigest,
        paused,
        enforcement: this.#enforcement,
        enforced: this.#enforced[instance] ?? false,
        graceUntil: this.#graceUntil,
        known: this.#enforced[instance] ? null : this.#known.at(instanceName(instance)),
        tokens,
        epoch: this.#epoch,
      }),
    );
  }

  #read(): CallerRow[] {
    const nth = (id: string) => Number(id.split(" ")[1]);
    return this.table.read(
      (id) => this.#enforced[nth(id)] ?? false,
      (key) => this.#known.isOpen(key, this.table.rows),
    );
  }

  #evidenceAt(now: Date, rules = this.#rules): Evidence | null {
    return rules.evidenceOf(this.#tokens.spans(), now);
  }

  #judgeNow(now: Date, rules = this.#rules): Pick<Activation, "judged" | "evidence"> | null {
    const evidence = this.#evidenceAt(now, rules);
    return evidence && { judged: rules.judge(this.#read(), evidence, now), evidence };
  }

  /** As it should be judged, whichever rule is broken. */
  #judgeTruly(now: Date): Activation["judged"] {
    return this.#judgeNow(now, realRules)?.judged ?? [];
  }

  #judgement({ evidence, judged }: Pick<Activation, "judged" | "evidence">): JudgedCallers {
    const rest = { tokenId: "", rotatedAt: null, rhythmsComplete: true };
    return { ...rest, since: evidence.live, enforcement: this.#enforcement, judged };
  }

  /** From now on known callers only get in without the token. */
  #protect({ days, leavesOut, typesName }: Extract<Step, { do: "protect" }>, now: Date): Taken {
    const found = this.#judgeNow(now);
    if (!found) return refused;
    const judgement = this.#judgement(found);
    const rows = graceRowsOf(this.#read(), this.table);
    const doubtful = (row: (typeof rows)[number]) => marksOf(row, now).lately || marksOf(row, now).seldom;
    const leaving = new Set(
      leavesOut
        ? rows
            .filter(this.#rules.isKnown)
            .filter(doubtful)
            .map(({ id }) => id)
        : [],
    );
    const { unknown } = sortCallers(judgement, rows, leaving);
    if (unknown.length > 0 && !typesName) return refused;
    const own = unknown.flatMap(({ caller }) => (caller.others ? [] : [caller]));
    const screen = { callers: own, more: [], others: unknown.length - own.length };
    for (const id of leaving) this.table.leftOutAt.set(id, now.getTime());
    const known = this.#known.begin(rows.filter((row) => this.#rules.isKnown(row) && !leaving.has(row.id)));
    this.#enforcement = "grace";
    this.#graceUntil = new Date(now.getTime() + days * dayMs);
    const judged = this.#judgeTruly(now);
    const enforced = [...this.#enforced.keys()].filter((nth) => !this.#enforced[nth]);
    const grace = { known, until: this.#graceUntil.getTime() };
    const shown = unknown.length > 0 ? { rejected: screen, maybe: nobody } : null;
    const rest = { evidence: found.evidence, newAfter: Number.POSITIVE_INFINITY, grace };
    return { leftOut: [...leaving], activation: { ...rest, judged, enforced, screen: shown } };
  }

  /** What the page showed a while ago, for a rule that goes by it instead of judging again. */
  #judgementAt(now: Date, found: Pick<Activation, "judged">): readonly Judged<CallerRow>[] {
    const { judgementAgeMs } = this.#rules;
    return judgementAgeMs > 0 && this.#shownAt > now.getTime() - judgementAgeMs ? this.#shown : found.judged;
  }

  /** A page is open: it shows how callers stand, for a rule that goes by it. */
  #look(at: number): void {
    const { judgementAgeMs } = this.#rules;
    if (judgementAgeMs === 0 || at < this.#shownAt + judgementAgeMs / 2) return;
    this.#shown = this.#judgeNow(new Date(at))?.judged ?? [];
    this.#shownAt = at;
  }

  /** Whom the question about an activation names. */
  #screenOf(
    { path, instance }: Pick<Extract<Step, { do: "activate" }>, "path" | "instance">,
    now: Date,
  ): Screen | null {
    const found = this.#judgeNow(now);
    if (!found) return null;
    const judgement = this.#judgement({ ...found, judged: this.#judgementAt(now, found) });
    const asked = path === "one" ? instanceName(instance) : null;
    const open = [{ enforced: false, count: this.#enforced.length }];
    return this.#rules.activationForecast(judgement, open, asked);
  }

  #activate(
    { path, instance, typesName }: Extract<Step, { do: "activate" }>,
    now: Date,
    can: (change: TokenChange) => boolean,
  ): Taken {
    const found = this.#judgeNow(now);
    if (!found || !can(path === "one" ? "enforce" : "activate")) return refused;
    const { isReady, readinessOf, fatesOfActivating } = this.#rules;
    const judged = this.#judgementAt(now, found);
    const judgement = this.#judgement({ ...found, judged });
    const before = this.#enforced.map((each) => isEnforced(this.#enforcement, each));
    if (path === "ready") {
      const unready = [...readinessOf(judgement)].filter(([, readiness]) => !isReady(readiness));
      const left = new Set(unready.map(([id]) => id));
      const chosen = [...before.keys()].filter((nth) => !before[nth] && !left.has(instanceName(nth)));
      if (chosen.length === 0) return refused;
      for (const nth of chosen) this.#enforced[nth] = true;
      this.#enforcement = this.#enforcement === "grace" ? "grace" : "staged";
    }
    const asked = path === "one" ? instanceName(instance) : null;
    const fates = fatesOfActivating(judgement, asked);
    const asks = path !== "ready" && breaksSomebody(fates);
    if (asks && !typesName) return refused;
    const broken = [...fates.rejected, ...fates.maybe].map(({ caller }) => caller);
    const isRead = this.#screen !== null && this.#rules.areNamed(broken, namedBy(this.#screen), now);
    // Where it is refused since others would be rejected by now, the list is read again.
    const screen = asks ? (isRead ? this.#screen : this.#screenOf({ path, instance }, now)) : null;
    if (path === "all") {
      this.#enforcement = "on";
      this.#armed = null;
    }
    if (path === "one") {
      const others = before.filter((each, nth) => each && nth !== instance).length;
      this.#enforcement = afterSwitch(this.#enforcement, true, others).enforcement;
      this.#enforced[instance] = true;
    }
    const after = this.#enforced.map((each) => isEnforced(this.#enforcement, each));
    const enforced = [...after.keys()].filter((nth) => after[nth] && !before[nth]);
    return enforced.length > 0
      ? { activation: { ...found, enforced, screen, newAfter: Number.POSITIVE_INFINITY } }
      : refused;
  }
}
