import { randomBytes } from "node:crypto";
import { vi } from "vitest";
import { readAccountFacts } from "@/lib/db/account-facts";
import { type CallerRow, readRequests } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import { readGraceRows } from "@/lib/db/grace";
import { readPolicies } from "@/lib/db/policy";
import { forgetOldTraffic } from "@/lib/db/traffic";
import type { Actor } from "@/lib/domain/actor";
import { breaksSomebody } from "@/lib/domain/consequence";
import { isEnforced } from "@/lib/domain/enforcement";
import { Refusal } from "@/lib/domain/errors";
import type { InstancePolicy } from "@/lib/domain/gate";
import { isKnown, marksOf } from "@/lib/domain/grace";
import { type NamedCallers, namedBy, nobodyNamed } from "@/lib/domain/named-callers";
import type { Judged } from "@/lib/domain/preflight";
import { type Evidence, evidenceOf } from "@/lib/domain/preflight-evidence";
import { settleMs } from "@/lib/domain/rotation";
import { formatClientToken } from "@/lib/domain/token-format";
import { hourMs, trafficSince } from "@/lib/domain/traffic";
import { judgeRequest } from "@/lib/gate/decide/judge";
import type { CallerEvent } from "@/lib/gate/observe/caller-event";
import type { StatisticsWriter } from "@/lib/gate/observe/statistics-writer";
import { activationForecast, fatesOfActivating } from "@/lib/services/callers/consequence";
import { type JudgedCallers, judgeCallers, notYetDemanded } from "@/lib/services/callers/judge";
import { createInstance, setInstancePaused } from "@/lib/services/instances/change";
import { revealInstanceToken } from "@/lib/services/instances/token";
import { enforceWhenReady } from "@/lib/services/security-token/enforce-when-ready";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  setInstanceEnforcement,
} from "@/lib/services/security-token/enforcement";
import { forecastGrace, protectKnownCallers, setGraceEnd } from "@/lib/services/security-token/grace";
import { keepGrace } from "@/lib/services/security-token/keep-grace";
import { readSecurityToken } from "@/lib/services/security-token/token";
import { makeActor } from "../support/accounts";
import { everybodyNamed } from "../support/callers";
import { statisticsWriter, testBodies, testRequest } from "../support/gate";
import { rowKey } from "./caller-table";
import type { Call } from "./calls";
import { answerOf } from "./gate-in-memory";
import { Hearing } from "./hearing";
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
import { changeToken, dismissWaitedFor, leaveOutBreaking } from "./real-changes";
import type { Sent, Step, World } from "./world";

type Policies = ReadonlyMap<string, InstancePolicy>;

interface RealGate {
  readonly aheadMs: number;
  readonly hearing: Hearing<Policies>;
  writer: StatisticsWriter;
}

/** What is sent that is no token of the account. */
const sentInstead = { garbage: "qwertz-12345-yxcvb", placeholder: "{{token}}" } as const;

const quiet = { info: () => {}, error: () => {} };

const dayMs = 24 * hourMs;
const nobody = { callers: [], more: [], others: 0 };

/** What the judgements of an account are made of, with the names of the simulation instead of ids. */
interface Found extends JudgedCallers {
  readonly evidence: Evidence;
}

/** Whom a question names, in the words of the simulation and by ids. */
interface Question {
  readonly screen: Screen;
  readonly named: NamedCallers;
}

/**
 * Latchkey itself: the gate's own judging of requests, statistics written to PostgreSQL, use cases, and what the keeper
 * does. Only the clock is moved, and how gates hear of changes is the world's. Needs a faked `Date`.
 */
export class RealLatchkey implements Latchkey {
  readonly #owner: Actor;
  readonly #instances: readonly { readonly id: string; readonly token: string }[];
  readonly #gates: readonly RealGate[];
  readonly #texts: string[] = [];
  readonly #foreign = formatClientToken(randomBytes(32));
  /** Each token's life, by the order in which they were made. */
  #tokens: readonly { readonly createdAt: Date; readonly retireAt: Date | null }[] = [];
  #epoch = 0n;
  /** The question as it was read. */
  #read: Question | null = null;

  private constructor(
    owner: Actor,
    instances: readonly { readonly id: string; readonly token: string }[],
    gates: readonly RealGate[],
  ) {
    this.#owner = owner;
    this.#instances = instances;
    this.#gates = gates;
  }

  /** A new account with as many instances as the world has. */
  static async open(world: World): Promise<RealLatchkey> {
    vi.setSystemTime(world.from);
    const owner = await makeActor();
    await db.account.update({
      where: { id: owner.accountId },
      data: { trafficDays: world.trafficDays },
    });
    const instances: { id: string; token: string }[] = [];
    for (let nth = 0; nth < world.instances; nth++) {
      const { instanceId } = await createInstance(owner, { name: instanceName(nth) });
      const { token } = await revealInstanceToken(owner, { instanceId });
      instances.push({ id: instanceId, token });
    }
    const random = new Random(world.seed ^ 0x27d4eb2f);
    const { policies } = await readPolicies(instances.map(({ id }) => id));
    const gates = world.gates.map((spec) => ({
      aheadMs: spec.aheadMs,
      hearing: new Hearing(spec, random, policies),
      writer: statisticsWriter(),
    }));
    return new RealLatchkey(owner, instances, gates);
  }

  async call({ program, address, sent, gate: nth }: Call, at: number): Promise<Answer> {
    const gate = this.#gateOf(nth);
    const policies = gate.hearing.policiesAt(at);
    const { id, token } = this.#instanceOf(program.instance);
    const value = this.#textOf(sent);
    const headers = ["user-agent", program.userAgent, ...(value ? ["client-token", value] : [])];
    const target = `/instances/${id}/token/${token}/send-text`;
    let event: CallerEvent | null = null;
    const judged = await judgeRequest(testRequest({ target, headers, clientAddress: address }), {
      bodies: testBodies,
      readPolicy: (instanceId) => {
        if (!policies) throw new Error("what the gate has is too old");
        return policies.get(instanceId) ?? null;
      },
      now: () => new Date(at + gate.aheadMs),
      log: quiet,
      observe: (seen) => {
        event = seen;
        gate.writer.record(seen);
      },
    });
    return answerOf(judged.kind === "pass", event);
  }

  async write(nth: number): Promise<void> {
    await this.#gateOf(nth).writer.flush();
  }

  kill(nth: number): void {
    this.#gateOf(nth).writer = statisticsWriter();
  }

  isLive(sent: Sent, at: number): boolean {
    const token = typeof sent === "number" ? this.#tokens[sent] : undefined;
    if (!token) return false;
    const isOver = token.retireAt !== null && token.retireAt.getTime() <= at;
    return token.createdAt.getTime() <= at && !isOver;
  }

  async take(step: Step, at: number): Promise<Taken> {
    await this.#arrive(at);
    const taken = await this.#change(step, at).catch((error: unknown) => {
      if (error instanceof Refusal) return refused;
      throw error;
    });
    this.#tokens = await db.clientToken.findMany({
      where: { accountId: this.#owner.accountId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { createdAt: true, retireAt: true },
    });
    if (taken !== refused) await this.#announce(at);
    return taken;
  }

  async keep(at: number): Promise<Look | null> {
    const { accountId } = this.#owner;
    const before = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    if (before.armedAt === null && before.enforcement !== "grace") return null;
    await this.#arrive(at);
    const armed = before.armedAt ? await this.#lookAtArmed(before.armedAt, before.holdSeconds, at) : null;
    await keepGrace.run(accountId, new Date(at));
    await this.#announceNews(at);
    const after = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    const ended = await db.knownCaller.findMany({ where: { accountId, endedAt: new Date(at) } });
    const keys = ended.map((each) => this.#keyOf(each));
    if (after.armedAt === null && after.enforcement !== "grace" && !armed) return null;
    const next = Math.min(
      armed?.next ?? Number.POSITIVE_INFINITY,
      after.graceUntil?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    return { next, ended: keys, armed: armed?.look ?? null };
  }

  async #lookAtArmed(armedAt: Date, holdSeconds: number, at: number) {
    const { accountId } = this.#owner;
    const found = await this.#judge(at);
    const before = await this.#enforced();
    await enforceWhenReady.run(accountId, new Date(at));
    await this.#announceNews(at);
    if (!found) return null;
    const rows = await db.instance.findMany({
      where: { accountId },
      select: { readySince: true, enforced: true },
    });
    const due = rows.flatMap(({ readySince, enforced }) =>
      readySince && !enforced ? [readySince.getTime()] : [],
    );
    const { enforced, flags } = await this.#newlyEnforced(before);
    const holdMs = holdSeconds * 1000;
    const open = [...flags.keys()].filter((nth) => !before.own[nth]);
    const newAfter = armedAt.getTime() + settleMs;
    const activation: Activation | undefined =
      enforced.length > 0
        ? { judged: found.judged, evidence: found.evidence, enforced, screen: null, newAfter }
        : undefined;
    const look: ArmedLook = {
      ...{ armedAt: armedAt.getTime(), holdMs, judged: notYetDemanded(found), open },
      ...(activation && { activation }),
    };
    return { look, next: Math.min(...due.map((since) => since + holdMs), Number.POSITIVE_INFINITY) };
  }

  /** It is that moment, and what is too old is forgotten. */
  async #arrive(at: number): Promise<void> {
    vi.setSystemTime(at);
    await forgetOldTraffic(new Date(at));
  }

  #gateOf(nth: number): RealGate {
    const gate = this.#gates[nth];
    if (!gate) throw new Error("there is no such gate");
    return gate;
  }

  #instanceOf(nth: number) {
    const instance = this.#instances[nth];
    if (!instance) throw new Error("there is no such instance");
    return instance;
  }

  #textOf(sent: Sent): string | null {
    if (sent === "nothing") return null;
    if (sent === "garbage" || sent === "placeholder") return sentInstead[sent];
    return (sent === "foreign" ? undefined : this.#texts[sent]) ?? this.#foreign;
  }

  #nameOf(instanceId: string): string {
    return instanceName(this.#instances.findIndex(({ id }) => id === instanceId));
  }

  #keyOf({ instanceId, address, agent }: Pick<CallerRow, "instanceId" | "address" | "agent">): string {
    return rowKey(this.#nameOf(instanceId), address, agent);
  }

  async #announce(at: number): Promise<void> {
    const { epoch } = await db.account.findUniqueOrThrow({ where: { id: this.#owner.accountId } });
    this.#epoch = epoch;
    const { policies } = await readPolicies(this.#instances.map(({ id }) => id));
    for (const { hearing } of this.#gates) hearing.announce(policies, at);
  }

  /** Announces what changed, if anything did. */
  async #announceNews(at: number): Promise<void> {
    const { epoch } = await db.account.findUniqueOrThrow({ where: { id: this.#owner.accountId } });
    if (epoch !== this.#epoch) await this.#announce(at);
  }

  async #judge(at: number): Promise<Found | null> {
    const { accountId } = this.#owner;
    const now = new Date(at);
    const [found, { tokens }] = await Promise.all([
      judgeCallers(accountId, now),
      readAccountFacts(accountId),
    ]);
    const evidence = evidenceOf(
      tokens.map((token) => ({ ...token, current: token.state === "current" })),
      now,
    );
    if (!found || !evidence) return null;
    const callers = found.judged.map(({ caller }) => caller);
    const requests = await readRequests(callers, trafficSince("day", now));
    const judged = found.judged.map((each) => ({
      ...each,
      caller: { ...each.caller, requests: requests.get(each.caller.id) ?? 0 },
    }));
    return { ...found, evidence, judged: this.#renamed(judged) };
  }

  #renamed(judged: readonly Judged<CallerRow>[]): Judged<CallerRow>[] {
    return judged.map((each) => {
      const instanceId = this.#nameOf(each.caller.instanceId);
      const id = each.caller.others ? instanceId : this.#keyOf(each.caller);
      return { ...each, caller: { ...each.caller, id, instanceId } };
    });
  }

  #keysOf(judged: readonly Judged<CallerRow>[]): string[] {
    return this.#renamed(judged).map(({ caller }) => caller.id);
  }

  /** Instances with a switch of their own on, and those where the token is enforced. */
  async #enforced() {
    const { accountId } = this.#owner;
    const { enforcement } = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    const rows = await db.instance.findMany({ where: { accountId }, select: { id: true, enforced: true } });
    const own = this.#instances.map(({ id }) => rows.find((row) => row.id === id)?.enforced ?? false);
    return { own, flags: own.map((each) => isEnforced(enforcement, each)), enforcement };
  }

  async #newlyEnforced(before: { readonly flags: readonly boolean[] }) {
    const { flags } = await this.#enforced();
    return { flags, enforced: [...flags.keys()].filter((nth) => flags[nth] && !before.flags[nth]) };
  }

  async #change(step: Step, at: number): Promise<Taken> {
    const owner: Actor = { ...this.#owner, provenAt: new Date(at) };
    switch (step.do) {
      case "pause": {
        const { id } = this.#instanceOf(step.instance);
        const confirmName = instanceName(step.instance);
        const named = await everybodyNamed(owner);
        await setInstancePaused(owner, { instanceId: id, paused: step.paused, confirmName, named });
        return {};
      }
      case "dismiss":
        return { dismissed: this.#keysOf(await dismissWaitedFor(owner, step.whom, new Date(at))) };
      case "leave out":
        return { leftOut: this.#keysOf(await leaveOutBreaking(owner, new Date(at))) };
      case "protect":
        return this.#protect(owner, step, at);
      case "shorten": {
        const until = new Date(at + step.days * dayMs);
        await setGraceEnd(owner, { until });
        return { graceUntil: until.getTime() };
      }
      case "read":
        this.#read = await this.#readQuestion(step, at);
        return refused;
      case "activate":
        return this.#activate(owner, step, at);
      default: {
        const made = await changeToken(owner, step);
        if (made) this.#texts.push(made);
        return {};
      }
    }
  }

  async #protect(
    owner: Actor,
    { days, leavesOut, typesName }: Extract<Step, { do: "protect" }>,
    at: number,
  ): Promise<Taken> {
    const { accountId, accountName } = owner;
    const now = new Date(at);
    const rows = await readGraceRows(accountId, now);
    const known = rows.filter(isKnown).filter((row) => marksOf(row, now).lately || marksOf(row, now).seldom);
    const leaving = leavesOut ? known : [];
    const forecast = await forecastGrace(owner);
    const before = await this.#enforced();
    const [{ tokenId }, confirmation] = [await readSecurityToken(owner), typesName ? accountName : ""];
    const leftOut = leaving.map(({ id }) => id);
    const asked = { tokenId: tokenId ?? "none", days, leftOut, confirmation };
    await protectKnownCallers(owner, { ...asked, named: await everybodyNamed(owner) });
    const found = await this.#judge(at);
    const account = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    if (!found || !account.graceUntil || !forecast) throw new Error("known callers only get in now");
    const stored = await db.knownCaller.findMany({ where: { accountId } });
    const named = rows.filter(
      ({ id }) => forecast.unknown.some((each) => each.id === id) || leftOut.includes(id),
    );
    const callers = named.map((row) => ({ id: this.#keyOf(row) }));
    const screen = { rejected: { callers, more: [], others: forecast.others.length }, maybe: nobody };
    const activation: Activation = {
      judged: found.judged,
      evidence: found.evidence,
      enforced: [...before.own.keys()].filter((nth) => !before.flags[nth]),
      screen: forecast.unknownTotal + forecast.others.length > 0 ? screen : null,
      newAfter: Number.POSITIVE_INFINITY,
      grace: { known: new Set(stored.map((each) => this.#keyOf(each))), until: account.graceUntil.getTime() },
    };
    return { leftOut: leaving.map((each) => this.#keyOf(each)), activation };
  }

  /** Reads whom activating would reject. */
  async #readQuestion(
    { path, instance }: Pick<Extract<Step, { do: "activate" }>, "path" | "instance">,
    at: number,
  ): Promise<Question | null> {
    const now = new Date(at);
    const [real, found] = [await judgeCallers(this.#owner.accountId, now), await this.#judge(at)];
    if (!real || !found) return null;
    const open = [{ enforced: false, count: this.#instances.length }];
    const one = path === "one";
    return {
      screen: activationForecast(found, open, one ? instanceName(instance) : null),
      named: namedBy(activationForecast(real, open, one ? this.#instanceOf(instance).id : null)),
    };
  }

  async #activate(
    owner: Actor,
    { path, instance, typesName }: Extract<Step, { do: "activate" }>,
    at: number,
  ): Promise<Taken> {
    const found = await this.#judge(at);
    const before = await this.#enforced();
    const [{ tokenId }, confirmation] = [await readSecurityToken(owner), typesName ? owner.accountName : ""];
    const seen = { tokenId: tokenId ?? "none" };
    const { id: instanceId } = this.#instanceOf(instance);
    if (path === "ready") await activateOnReadyInstances(owner, seen);
    else {
      const click = ({ named }: Pick<Question, "named">) =>
        path === "all"
          ? activateSecurityToken(owner, { ...seen, confirmation, named })
          : setInstanceEnforcement(owner, { instanceId, enforced: true, confirmation, named });
      await click(this.#read ?? { named: nobodyNamed }).catch(async (error: unknown) => {
        // Others would be rejected by now: the list is read again.
        this.#read = await this.#readQuestion({ path, instance }, at);
        if (this.#read === null) throw error;
        await click(this.#read);
      });
    }
    const { enforced } = await this.#newlyEnforced(before);
    if (!found || enforced.length === 0) return {};
    const asked = path === "one" ? instanceName(instance) : null;
    const asks = path !== "ready" && breaksSomebody(fatesOfActivating(found, asked));
    const screen = asks ? (this.#read?.screen ?? null) : null;
    const { judged, evidence } = found;
    return { activation: { judged, evidence, enforced, screen, newAfter: Number.POSITIVE_INFINITY } };
  }
}
