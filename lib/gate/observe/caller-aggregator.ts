import type { CallerStatistics } from "@/lib/db/caller-statistics";
import { callerLimits, type Outcome } from "@/lib/domain/caller";
import { endpointsPerCaller, seenAbout, seenPath, unclearPath } from "@/lib/domain/endpoint-seen";
import { pathTemplate, pathTemplateMaxLength } from "@/lib/domain/path-template";
import { isLiveToken, type SeenToken } from "@/lib/domain/preflight-evidence";
import { hourOf } from "@/lib/domain/traffic";
import { detachedCopy, memoized } from "../memoized";
import type { CallerEvent } from "./caller-event";
import { createUserAgentReader, noUserAgent, type UserAgent } from "./user-agents";

/** How much is kept apart until it is drained. */
export interface AggregationLimits {
  readonly callersPerInstance: number;
  readonly callersPerAccount: number;
  /** Counters (caller × hour × outcome × token) of callers. */
  readonly counters: number;
  /** The same of the other callers of all instances. */
  readonly otherCounters: number;
  /** Endpoints of all callers, others among them. */
  readonly endpoints: number;
}

/** The limits of a gate; full, callers and others take some 60 MB, and their endpoints some 25 MB more. */
export const aggregationLimits: AggregationLimits = {
  callersPerInstance: callerLimits.perInstance,
  callersPerAccount: callerLimits.perAccount,
  counters: 100_000,
  otherCounters: 50_000,
  endpoints: 100_000,
};

/** Thousands of callers do the same few things: each is in memory once. */
const shared = memoized(detachedCopy, pathTemplateMaxLength);

/** Paths as endpoints are remembered by: most callers send the same few again and again. */
const longestPath = 200;
const endpointOf = memoized((path) => shared(seenPath(path)), longestPath);
const endpointAbout = memoized((about) => shared(seenAbout(about)), longestPath);
const templateOf = memoized((path) => shared(pathTemplate(path)), longestPath);

/** Methods are upper-case words (RFC 9110 §9.1); whatever else was sent is not worth keeping. */
function knownMethod(method: string): string {
  return /^[A-Z-]{1,20}$/.test(method) ? shared(method) : "other";
}

/** Requests of one caller in one hour with one outcome and token. */
interface Counter {
  readonly hour: number;
  readonly outcome: Outcome;
  readonly token: SeenToken;
  requests: number;
  lastAt: number;
  /** Of the first of them: one path will do, as long as it met with this outcome and token. */
  readonly method: string;
  readonly path: string;
}

/** Requests of one caller to one endpoint: some 95 bytes, besides texts that are in memory once. */
class EndpointCounter {
  accepted = 0;
  rejected = 0;
  lastAt = 0;

  constructor(
    readonly method: string,
    readonly path: string,
  ) {}

  add(outcome: "accepted" | "endpoint", requests: number, at: number): void {
    if (outcome === "accepted") this.accepted += requests;
    else this.rejected += requests;
    if (at > this.lastAt) this.lastAt = at;
  }
}

/** Looked at, and not live. */
const isNotLive = (token: SeenToken): boolean => token !== "none" && !isLiveToken(token);

/** The last moment of some counters; null when there are none. */
function lastOf(counters: readonly Counter[], isOne: (counter: Counter) => boolean): number | null {
  let last: number | null = null;
  for (const counter of counters) {
    if ((last === null || counter.lastAt > last) && isOne(counter)) last = counter.lastAt;
  }
  return last;
}

/** What was seen of one caller. It is held in counters, and the rest is worked out when it is written. */
class AggregatedCaller implements CallerStatistics {
  counts: Counter[] = [];
  /** Counters do not tell in which order they were raised. */
  liveBeforeAt: number | null = null;
  liveSinceAt: number | null = null;
  endpoints: EndpointCounter[] = [];
  moreEndpointsAt: number | null = null;

  constructor(
    readonly accountId: string,
    readonly instanceId: string,
    readonly address: string | null,
    /** The newest. */
    public sentAgent: UserAgent,
    readonly others: boolean,
    public firstAt: number,
  ) {}

  get agent(): string {
    return this.sentAgent.product;
  }

  get userAgent(): string {
    return this.sentAgent.userAgent;
  }

  get last(): Counter {
    return this.counts.reduce((last, count) => (count.lastAt >= last.lastAt ? count : last));
  }

  get acceptedAt(): number | null {
    return lastOf(this.counts, ({ outcome }) => outcome === "accepted");
  }

  get rejectedAt(): number | null {
    return lastOf(this.counts, ({ outcome }) => outcome !== "accepted");
  }

  get liveAt(): number | null {
    return lastOf(this.counts, ({ token }) => isLiveToken(token));
  }

  get notLiveAt(): number | null {
    return lastOf(this.counts, ({ token }) => isNotLive(token));
  }

  /** Counts an event like those counted before; false when it is the first of its kind. */
  add({ at, outcome, requests }: CallerEvent, token: SeenToken): boolean {
    for (const counter of this.counts) {
      if (counter.token !== token || counter.outcome !== outcome || counter.hour !== hourOf(at)) continue;
      counter.requests += requests;
      if (at > counter.lastAt) counter.lastAt = at;
      this.noteMoment(at, token);
      return true;
    }
    return false;
  }

  /** Counts the first event of its kind. */
  begin(event: CallerEvent, token: SeenToken): void {
    const { at, outcome, requests } = event;
    const path = templateOf(event.about ?? event.rest);
    const method = knownMethod(event.method);
    const counter = { hour: hourOf(at), outcome, token, requests, lastAt: at, method, path };
    // Nearly every caller has one, and to push onto an empty array makes room for seventeen.
    if (this.counts.length === 0) this.counts = [counter];
    else this.counts.push(counter);
    this.noteMoment(at, token);
  }

  /**
   * Counts an event under its endpoint, unless token or address stopped it before its endpoint mattered.
   *
   * @param isFull there is no room for one more, of whichever caller
   * @returns whether it was the first of its endpoint
   */
  noteEndpoint(event: CallerEvent, isFull: boolean): boolean {
    const { at, outcome, requests, about } = event;
    if (outcome !== "accepted" && outcome !== "endpoint") return false;
    const method = knownMethod(event.method);
    const known = about === null ? endpointOf(event.rest) : endpointAbout(about);
    const path = event.asksForAnother ? unclearPath : known;
    for (const endpoint of this.endpoints) {
      if (endpoint.path !== path || endpoint.method !== method) continue;
      endpoint.add(outcome, requests, at);
      return false;
    }
    if (isFull || this.endpoints.length >= endpointsPerCaller) {
      this.moreEndpointsAt = at;
      return false;
    }
    const endpoint = new EndpointCounter(method, path);
    endpoint.add(outcome, requests, at);
    // As with counters, nearly every caller has one or two.
    if (this.endpoints.length === 0) this.endpoints = [endpoint];
    else this.endpoints.push(endpoint);
    return true;
  }

  /** Notes what counters do not tell. */
  noteMoment(at: number, token: SeenToken): void {
    if (at < this.firstAt) this.firstAt = at;
    if (isLiveToken(token)) {
      this.liveSinceAt ??= at;
    } else if (isNotLive(token)) {
      if (this.counts.length > 1) this.liveBeforeAt = this.liveAt;
      this.liveSinceAt = null;
    }
  }
}

/** A power of two. */
const recentSlots = 1024;

/** Where a caller is looked for first: a cheap mix of what tells callers apart, the same for a few of them. */
function slotOf(instanceId: string, address: string | null, agent: string): number {
  let hash = instanceId.charCodeAt(0) * 31 + instanceId.charCodeAt(1);
  if (address !== null) {
    const end = address.length - 1;
    hash = (hash * 31 + address.charCodeAt(end)) * 31 + address.charCodeAt(end - 2);
  }
  return (hash * 31 + agent.length) & (recentSlots - 1);
}

/**
 * Adds up what was seen by caller, in bounded memory, oldest first. Whoever comes beyond the limits is counted
 * under the instance's other callers; only when those are full too are requests lost, and that is counted.
 */
export class CallerAggregator {
  readonly #limits: AggregationLimits;
  readonly #readAgent = createUserAgentReader();
  /** By instance, program and address; the others by instance alone. In the order of their first request. */
  #callers = new Map<string, AggregatedCaller>();
  /** Some of the same, where a caller that comes again is found without building its key. */
  #recent: AggregatedCaller[] = [];
  #ofInstance = new Map<string, number>();
  #ofAccount = new Map<string, number>();
  #counters = 0;
  #otherCounters = 0;
  #endpoints = 0;
  #lost = 0;

  constructor(limits: AggregationLimits = aggregationLimits) {
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

  /** Adds an event. */
  record(event: CallerEvent): void {
    const token = event.token ?? "none";
    const caller = this.#find(event);
    const counted = caller?.add(event, token) ? caller : this.#begin(caller, event, token);
    if (counted?.noteEndpoint(event, this.#endpoints >= this.#limits.endpoints)) this.#endpoints++;
  }

  /** The statistics of every caller, and of every instance's others. */
  [Symbol.iterator](): Iterator<CallerStatistics> {
    return this.#callers.values();
  }

  /** Hands over all statistics, those first that began first, and starts anew. */
  drain(): CallerStatistics[] {
    const drained = [...this.#callers.values()];
    this.#callers = new Map();
    this.#recent = [];
    this.#ofInstance = new Map();
    this.#ofAccount = new Map();
    this.#counters = 0;
    this.#otherCounters = 0;
    this.#endpoints = 0;
    return drained;
  }

  /** How many requests found no room since this was last asked. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** The caller, the others when it finds no room, or null when those find none either. */
  #find(event: CallerEvent): AggregatedCaller | null {
    const { instanceId, clientAddress } = event;
    const sentAgent = event.userAgent ?? "";
    const slot = slotOf(instanceId, clientAddress, sentAgent);
    const recent = this.#recent[slot];
    if (
      recent !== undefined &&
      recent.sentAgent.sent === sentAgent &&
      recent.address === clientAddress &&
      recent.instanceId === instanceId
    ) {
      return recent;
    }
    const caller = this.#findByKey(event, this.#readAgent(sentAgent));
    if (caller !== null && !caller.others) this.#recent[slot] = caller;
    return caller;
  }

  #findByKey(event: CallerEvent, agent: UserAgent): AggregatedCaller | null {
    const { accountId, instanceId, clientAddress } = event;
    const key = `${instanceId}\n${agent.product}\n${clientAddress}`;
    const known = this.#callers.get(key);
    if (known !== undefined) {
      known.sentAgent = agent;
      return known;
    }
    const ofInstance = this.#ofInstance.get(instanceId) ?? 0;
    const ofAccount = this.#ofAccount.get(accountId) ?? 0;
    const { callersPerInstance, callersPerAccount, counters } = this.#limits;
    if (this.#counters >= counters || ofInstance >= callersPerInstance || ofAccount >= callersPerAccount) {
      return this.#others(event);
    }
    const caller = new AggregatedCaller(accountId, instanceId, clientAddress, agent, false, event.at);
    this.#callers.set(key, caller);
    this.#ofInstance.set(instanceId, ofInstance + 1);
    this.#ofAccount.set(accountId, ofAccount + 1);
    return caller;
  }

  #others({ accountId, instanceId, at }: CallerEvent): AggregatedCaller | null {
    const known = this.#callers.get(instanceId);
    if (known !== undefined || this.#otherCounters >= this.#limits.otherCounters) return known ?? null;
    const others = new AggregatedCaller(accountId, instanceId, null, noUserAgent, true, at);
    this.#callers.set(instanceId, others);
    return others;
  }

  /** Opens a counter, with the others when there is room for no more of callers; null when there is none at all. */
  #begin(caller: AggregatedCaller | null, event: CallerEvent, token: SeenToken): AggregatedCaller | null {
    const { counters, otherCounters } = this.#limits;
    if (caller === null || (caller.others && this.#otherCounters >= otherCounters)) {
      this.#lost += event.requests;
      return null;
    }
    if (!caller.others && this.#counters >= counters) {
      const others = this.#others(event);
      return others?.add(event, token) ? others : this.#begin(others, event, token);
    }
    caller.begin(event, token);
    if (caller.others) this.#otherCounters++;
    else this.#counters++;
    return caller;
  }
}
