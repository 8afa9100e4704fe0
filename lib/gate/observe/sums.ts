import type { Outcome } from "@/lib/domain/caller";
import {
  type CallerSums,
  type HourCount,
  hourOf,
  mergeLastSeen,
  newCallerSums,
} from "@/lib/domain/caller-sums";
import type { SeenToken } from "@/lib/domain/seen-token";
import type { Observation } from "../observation";
import type { Agent } from "./agents";
import { type SumLimits, sumLimits } from "./sum-limits";
import { touch } from "./touch";

/**
 * Requests summed up by caller, in bounded memory, oldest first. Whoever comes beyond the limits is counted
 * under the instance's others; only when those are full too are requests lost, and that is counted.
 */
export class Sums {
  readonly #limits: SumLimits;
  /** By instance, program and address; the others by instance alone. In the order of their first request. */
  readonly #callers = new Map<string, CallerSums>();
  readonly #ofInstance = new Map<string, number>();
  readonly #ofAccount = new Map<string, number>();
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

  /** Callers held, each instance's others counting as one. */
  get callers(): number {
    return this.#callers.size;
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
  [Symbol.iterator](): Iterator<CallerSums> {
    return this.#callers.values();
  }

  /** Removes and returns those that have waited longest, at most so many. */
  take(most: number): CallerSums[] {
    const taken: CallerSums[] = [];
    for (const [key, caller] of this.#callers) {
      if (taken.length >= most) break;
      this.#callers.delete(key);
      taken.push(caller);
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
  #find(accountId: string, instanceId: string, address: string | null, agent: string): CallerSums | null {
    const key = `${instanceId}\n${agent}\n${address}`;
    const known = this.#callers.get(key);
    if (known) return known;
    const ofInstance = this.#ofInstance.get(instanceId) ?? 0;
    const ofAccount = this.#ofAccount.get(accountId) ?? 0;
    const { callersPerInstance, callersPerAccount, counters } = this.#limits;
    if (this.#counters >= counters || ofInstance >= callersPerInstance || ofAccount >= callersPerAccount) {
      return this.#others(accountId, instanceId);
    }
    const caller = newCallerSums({ accountId, instanceId, address, agent, others: false });
    this.#callers.set(key, caller);
    this.#ofInstance.set(instanceId, ofInstance + 1);
    this.#ofAccount.set(accountId, ofAccount + 1);
    return caller;
  }

  #others(accountId: string, instanceId: string): CallerSums | null {
    const known = this.#callers.get(instanceId);
    if (known || this.#otherCounters >= this.#limits.otherCounters) return known ?? null;
    const others = newCallerSums({ accountId, instanceId, address: null, agent: "", others: true });
    this.#callers.set(instanceId, others);
    return others;
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
      addCount(caller, { hour, outcome, token, requests });
      if (caller.others) this.#otherCounters++;
      else this.#counters++;
      return caller;
    }
    const others = caller.others ? null : this.#others(caller.accountId, caller.instanceId);
    return this.#count(others, hour, outcome, token, requests);
  }
}

function lower(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

/** Nearly every caller has one counter, and to push onto an empty array makes room for seventeen. */
function addCount(caller: CallerSums, count: HourCount): void {
  if (caller.counts.length === 0) caller.counts = [count];
  else caller.counts.push(count);
}
