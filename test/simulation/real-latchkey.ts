import { randomBytes } from "node:crypto";
import { vi } from "vitest";
import { db } from "@/lib/db/client";
import { readGraceRows } from "@/lib/db/grace";
import { readPolicies } from "@/lib/db/policy";
import { forgetOldTraffic } from "@/lib/db/traffic";
import type { Actor } from "@/lib/domain/actor";
import { breaksSomebody } from "@/lib/domain/consequence";
import { Refusal } from "@/lib/domain/errors";
import type { InstancePolicy } from "@/lib/domain/gate";
import { isKnown, marksOf } from "@/lib/domain/grace";
import { nobodyNamed } from "@/lib/domain/named-callers";
import { settleMs } from "@/lib/domain/rotation";
import { formatClientToken } from "@/lib/domain/token-format";
import { hourMs } from "@/lib/domain/traffic";
import { judgeRequest } from "@/lib/gate/decide/judge";
import type { CallerEvent } from "@/lib/gate/observe/caller-event";
import type { StatisticsWriter } from "@/lib/gate/observe/statistics-writer";
import { fatesOfActivating } from "@/lib/services/callers/consequence";
import { notYetDemanded } from "@/lib/services/callers/judge";
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
  type Taken,
} from "./latchkey";
import { Random } from "./random";
import { type Question, RealAccount } from "./real-account";
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

/**
 * Latchkey itself: the gate's own judging of requests, statistics written to PostgreSQL, use cases, and what the keeper
 * does. Only the clock is moved, and how gates hear of changes is the world's. Needs a faked `Date`.
 */
export class RealLatchkey implements Latchkey {
  readonly #account: RealAccount;
  readonly #gates: readonly RealGate[];
  readonly #texts: string[] = [];
  readonly #foreign = formatClientToken(randomBytes(32));
  /** Each token's life, by the order in which they were made. */
  #tokens: readonly { readonly createdAt: Date; readonly retireAt: Date | null }[] = [];
  #epoch = 0n;
  /** The question as it was read. */
  #read: Question | null = null;

  private constructor(account: RealAccount, gates: readonly RealGate[]) {
    this.#account = account;
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
    return new RealLatchkey(new RealAccount(owner, instances), gates);
  }

  async call({ program, address, sent, gate: nth }: Call, at: number): Promise<Answer> {
    const gate = this.#gateOf(nth);
    const policies = gate.hearing.policiesAt(at);
    const { id, token } = this.#account.instanceOf(program.instance);
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

  isLive(sent: Sent, at: number, since = at): boolean {
    const token = typeof sent === "number" ? this.#tokens[sent] : undefined;
    if (!token) return false;
    const isOver = token.retireAt !== null && token.retireAt.getTime() <= since;
    return token.createdAt.getTime() <= at && !isOver;
  }

  async take(step: Step, at: number): Promise<Taken> {
    await this.#arrive(at);
    const taken = await this.#change(step, at).catch((error: unknown) => {
      if (error instanceof Refusal) return refused;
      throw error;
    });
    this.#tokens = await db.clientToken.findMany({
      where: { accountId: this.#account.owner.accountId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { createdAt: true, retireAt: true },
    });
    if (taken !== refused) await this.#announce(at);
    return taken;
  }

  async keep(at: number): Promise<Look | null> {
    const { accountId } = this.#account.owner;
    const before = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    if (before.armedAt === null && before.enforcement !== "grace") return null;
    await this.#arrive(at);
    const armed = before.armedAt ? await this.#lookAtArmed(before.armedAt, before.holdSeconds, at) : null;
    await keepGrace.run(accountId, new Date(at));
    await this.#announceNews(at);
    const after = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    const ended = await db.knownCaller.findMany({ where: { accountId, endedAt: new Date(at) } });
    const keys = ended.map((each) => this.#account.keyOf(each));
    if (after.armedAt === null && after.enforcement !== "grace" && !armed) return null;
    const next = Math.min(
      armed?.next ?? Number.POSITIVE_INFINITY,
      after.graceUntil?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    return { next, ended: keys, armed: armed?.look ?? null };
  }

  async #lookAtArmed(armedAt: Date, holdSeconds: number, at: number) {
    const { accountId } = this.#account.owner;
    const found = await this.#account.judge(at);
    const before = await this.#account.enforced();
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
    const { enforced, flags } = await this.#account.newlyEnforced(before);
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

  #textOf(sent: Sent): string | null {
    if (sent === "nothing") return null;
    if (sent === "garbage" || sent === "placeholder") return sentInstead[sent];
    return (sent === "foreign" ? undefined : this.#texts[sent]) ?? this.#foreign;
  }

  async #announce(at: number): Promise<void> {
    const { epoch } = await db.account.findUniqueOrThrow({ where: { id: this.#account.owner.accountId } });
    this.#epoch = epoch;
    const { policies } = await readPolicies(this.#account.instances.map(({ id }) => id));
    for (const { hearing } of this.#gates) hearing.announce(policies, at);
  }

  /** Announces what changed, if anything did. */
  async #announceNews(at: number): Promise<void> {
    const { epoch } = await db.account.findUniqueOrThrow({ where: { id: this.#account.owner.accountId } });
    if (epoch !== this.#epoch) await this.#announce(at);
  }

  async #change(step: Step, at: number): Promise<Taken> {
    const owner: Actor = { ...this.#account.owner, provenAt: new Date(at) };
    switch (step.do) {
      case "pause": {
        const { id } = this.#account.instanceOf(step.instance);
        const confirmName = instanceName(step.instance);
        const named = await everybodyNamed(owner);
        await setInstancePaused(owner, { instanceId: id, paused: step.paused, confirmName, named });
        return {};
      }
      case "dismiss":
        return { dismissed: this.#account.keysOf(await dismissWaitedFor(owner, step.whom, new Date(at))) };
      case "leave out":
        return { leftOut: this.#account.keysOf(await leaveOutBreaking(owner, new Date(at))) };
      case "protect":
        return this.#protect(owner, step, at);
      case "shorten": {
        const until = new Date(at + step.days * dayMs);
        await setGraceEnd(owner, { until });
        return { graceUntil: until.getTime() };
      }
      case "read":
        this.#read = await this.#account.readQuestion(step, at);
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
    const before = await this.#account.enforced();
    const [{ tokenId }, confirmation] = [await readSecurityToken(owner), typesName ? accountName : ""];
    const leftOut = leaving.map(({ id }) => id);
    const asked = { tokenId: tokenId ?? "none", days, leftOut, confirmation };
    await protectKnownCallers(owner, { ...asked, named: await everybodyNamed(owner) });
    const found = await this.#account.judge(at);
    const account = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    if (!found || !account.graceUntil || !forecast) throw new Error("known callers only get in now");
    const stored = await db.knownCaller.findMany({ where: { accountId } });
    const named = rows.filter(
      ({ id }) => forecast.unknown.some((each) => each.id === id) || leftOut.includes(id),
    );
    const callers = named.map((row) => ({ id: this.#account.keyOf(row) }));
    const screen = { rejected: { callers, more: [], others: forecast.others.length }, maybe: nobody };
    const activation: Activation = {
      judged: found.judged,
      evidence: found.evidence,
      enforced: [...before.own.keys()].filter((nth) => !before.flags[nth]),
      screen: forecast.unknownTotal + forecast.others.length > 0 ? screen : null,
      newAfter: Number.POSITIVE_INFINITY,
      grace: {
        known: new Set(stored.map((each) => this.#account.keyOf(each))),
        until: account.graceUntil.getTime(),
      },
    };
    return { leftOut: leaving.map((each) => this.#account.keyOf(each)), activation };
  }

  async #activate(
    owner: Actor,
    { path, instance, typesName }: Extract<Step, { do: "activate" }>,
    at: number,
  ): Promise<Taken> {
    const found = await this.#account.judge(at);
    const before = await this.#account.enforced();
    const [{ tokenId }, confirmation] = [await readSecurityToken(owner), typesName ? owner.accountName : ""];
    const seen = { tokenId: tokenId ?? "none" };
    const { id: instanceId } = this.#account.instanceOf(instance);
    if (path === "ready") await activateOnReadyInstances(owner, seen);
    else {
      const click = ({ named }: Pick<Question, "named">) =>
        path === "all"
          ? activateSecurityToken(owner, { ...seen, confirmation, named })
          : setInstanceEnforcement(owner, { instanceId, enforced: true, confirmation, named });
      this.#read ??= await this.#account.readQuestion({ path, instance }, at);
      await click(this.#read ?? { named: nobodyNamed }).catch(async (error: unknown) => {
        // Others would be rejected by now: the list is read again.
        this.#read = await this.#account.readQuestion({ path, instance }, at);
        if (this.#read === null) throw error;
        await click(this.#read);
      });
    }
    const { enforced } = await this.#account.newlyEnforced(before);
    if (!found || enforced.length === 0) return {};
    const asked = path === "one" ? instanceName(instance) : null;
    const asks = path !== "ready" && breaksSomebody(fatesOfActivating(found, asked));
    const screen = asks ? (this.#read?.screen ?? null) : null;
    const { judged, evidence } = found;
    return { activation: { judged, evidence, enforced, screen, newAfter: Number.POSITIVE_INFINITY } };
  }
}
