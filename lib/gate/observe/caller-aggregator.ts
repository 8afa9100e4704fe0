import type { CallerStatistics } from "@/lib/db/caller-statistics";
import { callerLimits } from "@/lib/domain/caller";
import type { SeenToken } from "@/lib/domain/preflight-evidence";
import { AggregatedCaller } from "./aggregated-caller";
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

/** The limits of a gate; full, callers and others with an endpoint each take some 65 MB, and other endpoints 8 MB more. */
export const aggregationLimits: AggregationLimits = {
  callersPerInstance: callerLimits.perInstance,
  callersPerAccount: callerLimits.perAccount,
  counters: 100_000,
  otherCounters: 100_000,
  endpoints: 200_000,
};

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

/** Counts one less under a key, and keeps no zero. */
function lower(counts: Map<string, number>, key: string): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}

/**
 * Adds up what was seen by caller, in bounded memory, oldest first. Whoever comes beyond the limits is counted
 * under the instance's other callers; only when those are full too are requests lost, and that is counted.
 */
export class CallerAggregator {
  readonly #limits: AggregationLimits;
  readonly #readAgent = createUserAgentReader();
  /** By instance, program and address; the others by instance alone. In the order of their first request. */
  readonly #callers = new Map<string, AggregatedCaller>();
  /** Some of the same, where a caller that comes again is found without building its key. */
  #recent: AggregatedCaller[] = [];
  readonly #ofInstance = new Map<string, number>();
  readonly #ofAccount = new Map<string, number>();
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

  /** Hands over the statistics of some callers, those that began first, and counts these anew; of all unless told otherwise. */
  drain(most = Number.POSITIVE_INFINITY): CallerStatistics[] {
    const drained: CallerStatistics[] = [];
    for (const [key, caller] of this.#callers) {
      if (drained.length >= most) break;
      drained.push(caller);
      this.#callers.delete(key);
      this.#forget(caller);
    }
    this.#recent = [];
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
    const ofInstance = this.#ofInstance.get(instanceId) ?? 0;
    const key = `${instanceId}\n${agent.product}\n${clientAddress}`;
    // A hundred thousand instances may have nothing but others: no key is looked for in vain.
    const known = ofInstance === 0 ? undefined : this.#callers.get(key);
    if (known !== undefined) {
      known.sentAgent = agent;
      return known;
    }
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

  /** Makes room for what was counted of a caller. */
  #forget({ accountId, instanceId, others, counts, endpoints }: AggregatedCaller): void {
    this.#endpoints -= endpoints.length;
    if (others) {
      this.#otherCounters -= counts.length;
      return;
    }
    this.#counters -= counts.length;
    lower(this.#ofInstance, instanceId);
    lower(this.#ofAccount, accountId);
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
