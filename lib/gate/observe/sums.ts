import { callerLimits, type Outcome, type SeenToken } from "@/lib/domain/caller";
import { type CallerSums, hourOf, mergeLastSeen, newCallerSums } from "@/lib/domain/caller-sums";
import type { Observation } from "../observation";
import type { Agent } from "./agents";
import { touch } from "./touch";

/** How much is kept apart between two flushes, or while the database is gone. */
export interface SumLimits {
  readonly callersPerInstance: number;
  readonly callersPerAccount: number;
  /** Counters (caller × hour × end) of callers. */
  readonly counters: number;
  /** The same of the others of all instances. */
  readonly otherCounters: number;
}

/** The limits of a gate; full sums take some 40 MB. */
export const sumLimits: SumLimits = {
  callersPerInstance: callerLimits.perInstance,
  callersPerAccount: callerLimits.perAccount,
  counters: 50_000,
  otherCounters: 50_000,
};

interface InstanceSums {
  readonly callers: Map<string, CallerSums>;
  others: CallerSums | undefined;
}

/**
 * Requests summed up by caller, in bounded memory. Whoever comes beyond the limits is counted under the
 * instance's others; only when those are full too are requests lost, and `lost` says how many.
 */
export class Sums {
  readonly #limits: SumLimits;
  readonly #instances = new Map<string, InstanceSums>();
  readonly #callersOf = new Map<string, number>();
  #counters = 0;
  #otherCounters = 0;
  #lost = 0;

  constructor(limits: SumLimits = sumLimits) {
    this.#limits = limits;
  }

  /** Counters held: a measure of the memory taken. */
  get size(): number {
    return this.#counters + this.#otherCounters;
  }

  /** Requests that found no room. */
  get lost(): number {
    return this.#lost;
  }

  /** Adds one request. */
  record(seen: Observation, agent: Agent): void {
    const { accountId, instanceId, clientAddress: address, outcome } = seen;
    const caller = this.#find(accountId, instanceId, address, agent.product);
    const counted = this.#count(caller, hourOf(seen.at), outcome, seen.token ?? "none", 1);
    if (counted) touch(counted, seen, agent);
  }

  /** Adds sums that could not be written, as if their requests had been recorded here. */
  absorb(from: CallerSums): void {
    const { accountId, instanceId, address, agent } = from;
    const caller = from.others
      ? this.#others(accountId, instanceId)
      : this.#find(accountId, instanceId, address, agent);
    for (const { hour, outcome, token, requests } of from.counts) {
      const counted = this.#count(caller, hour, outcome, token, requests);
      if (counted) mergeLastSeen(counted, counted.others ? { ...from, userAgent: "" } : from);
    }
  }

  /** The sums of every caller, and of every instance's others. */
  *[Symbol.iterator](): Generator<CallerSums> {
    for (const { callers, others } of this.#instances.values()) {
      yield* callers.values();
      if (others) yield others;
    }
  }

  /** The caller's sums, the others' when it finds no room, or null when those find none either. */
  #find(accountId: string, instanceId: string, address: string | null, agent: string): CallerSums | null {
    const instance = this.#instances.get(instanceId);
    const key = `${agent}\n${address}`;
    const known = instance?.callers.get(key);
    if (known) return known;
    const neighbours = this.#callersOf.get(accountId) ?? 0;
    const { callersPerInstance, callersPerAccount, counters } = this.#limits;
    const full =
      this.#counters >= counters ||
      neighbours >= callersPerAccount ||
      (instance !== undefined && instance.callers.size >= callersPerInstance);
    if (full) return this.#others(accountId, instanceId);
    const caller = newCallerSums({ accountId, instanceId, address, agent, others: false });
    (instance ?? this.#add(instanceId)).callers.set(key, caller);
    this.#callersOf.set(accountId, neighbours + 1);
    return caller;
  }

  #others(accountId: string, instanceId: string): CallerSums | null {
    const known = this.#instances.get(instanceId)?.others;
    if (known || this.#otherCounters >= this.#limits.otherCounters) return known ?? null;
    const instance = this.#instances.get(instanceId) ?? this.#add(instanceId);
    instance.others = newCallerSums({ accountId, instanceId, address: null, agent: "", others: true });
    return instance.others;
  }

  #add(instanceId: string): InstanceSums {
    const instance: InstanceSums = { callers: new Map(), others: undefined };
    this.#instances.set(instanceId, instance);
    return instance;
  }

  /** Counts requests, with the others when the caller's counters find no room; returns who has them now. */
  #count(
    caller: CallerSums | null,
    hour: number,
    outcome: Outcome,
    token: SeenToken,
    requests: number,
  ): CallerSums | null {
    if (caller === null) {
      this.#lost += requests;
      return null;
    }
    for (const count of caller.counts) {
      if (count.hour !== hour || count.outcome !== outcome || count.token !== token) continue;
      count.requests += requests;
      return caller;
    }
    const { counters, otherCounters } = this.#limits;
    const room = caller.others ? this.#otherCounters < otherCounters : this.#counters < counters;
    if (room) {
      caller.counts.push({ hour, outcome, token, requests });
      if (caller.others) this.#otherCounters++;
      else this.#counters++;
      return caller;
    }
    const others = caller.others ? null : this.#others(caller.accountId, caller.instanceId);
    return this.#count(others, hour, outcome, token, requests);
  }
}
