import { callerLimits, type Outcome } from "@/lib/domain/caller";
import { type CallerSums, hourMs, hourOf, type LastSeen, mergeLastSeen } from "@/lib/domain/caller-sums";
import { pathTemplate, pathTemplateMaxLength } from "@/lib/domain/path-template";
import { isLiveToken, type SeenToken } from "@/lib/domain/preflight-evidence";
import { type Agent, detachedCopy, memoized } from "./agents";
import type { Observation } from "./observation";

/** How much is kept apart between two flushes, or while the database is gone. */
export interface SumLimits {
  readonly callersPerInstance: number;
  readonly callersPerAccount: number;
  /** Counters (caller × hour × end) of callers. */
  readonly counters: number;
  /** The same of the others of all instances. */
  readonly otherCounters: number;
}

/** The limits of a gate; full sums take some 80 MB. */
export const sumLimits: SumLimits = {
  callersPerInstance: callerLimits.perInstance,
  callersPerAccount: callerLimits.perAccount,
  counters: 100_000,
  otherCounters: 50_000,
};

/** A clock set back further than this counts as having been set back so far. */
const mostBackMs = 24 * hourMs;

/**
 * Moments as milliseconds since the start of an hour shortly before them, 0 meaning never. The engine keeps such
 * small integers in the field of an object; a number of milliseconds since 1970 would be an object of its own.
 */
class NearTime {
  readonly #origin: number;

  constructor(at: number) {
    this.#origin = hourOf(at) - mostBackMs;
  }

  near(at: number): number {
    return at === 0 ? 0 : Math.max(hourMs, at - this.#origin);
  }

  far(near: number): number {
    return near === 0 ? 0 : near + this.#origin;
  }
}

/** Requests of one hour with one end; the hour as a near time. */
class WaitingCount {
  constructor(
    readonly hour: number,
    readonly outcome: Outcome,
    readonly token: SeenToken,
    public requests: number,
  ) {}
}

/** What was seen of one caller and is not written down yet: as `CallerSums`, in half the memory. */
class WaitingSums implements LastSeen {
  counts: WaitingCount[] = [];
  lastAt = 0;
  userAgent = "";
  method = "";
  path = "";
  outcome: Outcome = "accepted";
  token: SeenToken = "none";
  acceptedAt = 0;
  rejectedAt = 0;
  liveAt = 0;
  notLiveAt = 0;
  relapsedAt = 0;
  relapsedFrom = 0;

  constructor(
    readonly accountId: string,
    readonly instanceId: string,
    readonly address: string | null,
    readonly agent: string,
    readonly others: boolean,
    public firstAt: number,
  ) {}

  /** Counts requests with those of the same end and hour; false when there are none yet. */
  add(hour: number, outcome: Outcome, token: SeenToken, requests: number): boolean {
    for (const count of this.counts) {
      if (count.hour !== hour || count.outcome !== outcome || count.token !== token) continue;
      count.requests += requests;
      return true;
    }
    return false;
  }

  begin(hour: number, outcome: Outcome, token: SeenToken, requests: number): void {
    const count = new WaitingCount(hour, outcome, token, requests);
    // Nearly every caller has one, and to push onto an empty array makes room for seventeen.
    if (this.counts.length === 0) this.counts = [count];
    else this.counts.push(count);
  }

  /** The same with usual times, to be written down. */
  written(time: NearTime): CallerSums {
    return {
      accountId: this.accountId,
      instanceId: this.instanceId,
      address: this.address,
      agent: this.agent,
      others: this.others,
      ...lastSeenIn(this, (near) => time.far(near)),
      counts: this.counts.map(({ hour, outcome, token, requests }) => ({
        hour: time.far(hour),
        outcome,
        token,
        requests,
      })),
    };
  }
}

/** When and how a caller was last seen, with its times in another measure. */
function lastSeenIn(seen: LastSeen, measure: (at: number) => number): LastSeen {
  return {
    firstAt: measure(seen.firstAt),
    lastAt: measure(seen.lastAt),
    userAgent: seen.userAgent,
    method: seen.method,
    path: seen.path,
    outcome: seen.outcome,
    token: seen.token,
    acceptedAt: measure(seen.acceptedAt),
    rejectedAt: measure(seen.rejectedAt),
    liveAt: measure(seen.liveAt),
    notLiveAt: measure(seen.notLiveAt),
    relapsedAt: measure(seen.relapsedAt),
    relapsedFrom: measure(seen.relapsedFrom),
  };
}

/** Thousands of callers do the same few things: each is in memory once. */
const shared = memoized(detachedCopy, { longest: pathTemplateMaxLength });

/** Methods are upper-case words (RFC 9110 §9.1); whatever else was sent is not worth keeping. */
function knownMethod(method: string): string {
  return /^[A-Z-]{1,20}$/.test(method) ? shared(method) : "other";
}

function notLive(sums: WaitingSums, at: number): void {
  sums.notLiveAt = at;
  if (sums.liveAt === 0) return;
  sums.relapsedAt = at;
  sums.relapsedFrom = sums.liveAt;
}

/** Notes when and how a caller was seen; `at` as the sums have it. */
export function noteLastSeen(sums: WaitingSums, seen: Observation, agent: Agent, at: number): void {
  const { outcome } = seen;
  const token = seen.token ?? "none";
  if (at < sums.firstAt) sums.firstAt = at;
  if (at > sums.lastAt) sums.lastAt = at;
  if (outcome === "accepted") sums.acceptedAt = at;
  else sums.rejectedAt = at;
  if (isLiveToken(token)) sums.liveAt = at;
  else if (token !== "none") notLive(sums, at);
  if (!sums.others) sums.userAgent = agent.userAgent;
  // One path a batch will do, as long as it is one that met with the end shown beside it.
  if (sums.path !== "" && sums.outcome === outcome && sums.token === token) return;
  sums.path = shared(pathTemplate(seen.rest));
  sums.method = knownMethod(seen.method);
  sums.outcome = outcome;
  sums.token = token;
}

/**
 * Requests summed up by caller, in bounded memory, oldest first. Whoever comes beyond the limits is counted
 * under the instance's others; only when those are full too are requests lost, and that is counted.
 */
export class Sums {
  readonly #limits: SumLimits;
  /** By instance, program and address; the others by instance alone. In the order of their first request. */
  readonly #callers = new Map<string, WaitingSums>();
  readonly #ofInstance = new Map<string, number>();
  readonly #ofAccount = new Map<string, number>();
  #counters = 0;
  #otherCounters = 0;
  #lost = 0;
  #time = new NearTime(0);
  /** Who was found last: often the next one too, and to build a key costs more than to compare. */
  #last: WaitingSums | null = null;

  constructor(limits: SumLimits = sumLimits) {
    this.#limits = limits;
  }

  /** Counters held: a measure of the memory taken. */
  get size(): number {
    return this.#counters + this.#otherCounters;
  }

  /** Callers held, each instance's others counting as one. */
  get callers(): number {
    return this.#callers.size;
  }

  /** Requests that wait. */
  get requests(): number {
    let all = 0;
    for (const { counts } of this.#callers.values()) for (const { requests } of counts) all += requests;
    return all;
  }

  /** Adds one request, or a sight of its caller without one. */
  record(seen: Observation, agent: Agent): void {
    if (this.#callers.size === 0) this.#time = new NearTime(seen.at);
    const { accountId, instanceId, clientAddress, outcome } = seen;
    const at = this.#time.near(seen.at);
    const caller = this.#find(accountId, instanceId, clientAddress, agent.product, at);
    const counted = this.#count(caller, hourOf(at), outcome, seen.token ?? "none", seen.requests);
    if (counted) noteLastSeen(counted, seen, agent, at);
  }

  /** Adds sums that could not be written, as if their requests had been recorded here. */
  absorb(from: CallerSums): void {
    if (this.#callers.size === 0) this.#time = new NearTime(from.firstAt);
    const { accountId, instanceId, address, agent } = from;
    const seen = lastSeenIn(from, (at) => this.#time.near(at));
    const caller = from.others
      ? this.#others(accountId, instanceId, seen.firstAt)
      : this.#find(accountId, instanceId, address, agent, seen.firstAt);
    for (const { hour, outcome, token, requests } of from.counts) {
      const counted = this.#count(caller, this.#time.near(hour), outcome, token, requests);
      if (counted) mergeLastSeen(counted, counted.others ? { ...seen, userAgent: "" } : seen);
    }
  }

  /** The sums of every caller, and of every instance's others. */
  *[Symbol.iterator](): Iterator<CallerSums> {
    for (const caller of this.#callers.values()) yield caller.written(this.#time);
  }

  /** Removes and returns those that have waited longest, at most so many. */
  take(most: number): CallerSums[] {
    const taken: CallerSums[] = [];
    this.#last = null;
    for (const [key, caller] of this.#callers) {
      if (taken.length >= most) break;
      this.#callers.delete(key);
      taken.push(caller.written(this.#time));
      if (caller.others) {
        this.#otherCounters -= caller.counts.length;
        continue;
      }
      this.#counters -= caller.counts.length;
      lower(this.#ofInstance, caller.instanceId);
      lower(this.#ofAccount, caller.accountId);
    }
    return taken;
  }

  /** How many requests found no room since this was last asked. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** The caller's sums, the others' when it finds no room, or null when those find none either. */
  #find(
    accountId: string,
    instanceId: string,
    address: string | null,
    agent: string,
    at: number,
  ): WaitingSums | null {
    const last = this.#last;
    if (last?.instanceId === instanceId && last.agent === agent && last.address === address) return last;
    const key = `${instanceId}\n${agent}\n${address}`;
    const known = this.#callers.get(key);
    if (known) {
      this.#last = known;
      return known;
    }
    const ofInstance = this.#ofInstance.get(instanceId) ?? 0;
    const ofAccount = this.#ofAccount.get(accountId) ?? 0;
    const { callersPerInstance, callersPerAccount, counters } = this.#limits;
    if (this.#counters >= counters || ofInstance >= callersPerInstance || ofAccount >= callersPerAccount) {
      return this.#others(accountId, instanceId, at);
    }
    const caller = new WaitingSums(accountId, instanceId, address, agent, false, at);
    this.#callers.set(detachedCopy(key), caller);
    this.#ofInstance.set(instanceId, ofInstance + 1);
    this.#ofAccount.set(accountId, ofAccount + 1);
    return caller;
  }

  #others(accountId: string, instanceId: string, at: number): WaitingSums | null {
    const known = this.#callers.get(instanceId);
    if (known || this.#otherCounters >= this.#limits.otherCounters) return known ?? null;
    const others = new WaitingSums(accountId, instanceId, null, "", true, at);
    this.#callers.set(instanceId, others);
    return others;
  }

  /** Counts requests, with the others when the caller's counters find no room; returns who has them now. */
  #count(
    caller: WaitingSums | null,
    hour: number,
    outcome: Outcome,
    token: SeenToken,
    requests: number,
  ): WaitingSums | null {
    if (caller === null) {
      this.#lost += requests;
      return null;
    }
    if (caller.add(hour, outcome, token, requests)) return caller;
    const { counters, otherCounters } = this.#limits;
    const room = caller.others ? this.#otherCounters < otherCounters : this.#counters < counters;
    if (room) {
      caller.begin(hour, outcome, token, requests);
      if (caller.others) this.#otherCounters++;
      else this.#counters++;
      return caller;
    }
    const others = caller.others ? null : this.#others(caller.accountId, caller.instanceId, caller.firstAt);
    return this.#count(others, hour, outcome, token, requests);
  }
}

function lower(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
