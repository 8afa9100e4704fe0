import type { Outcome } from "@/lib/domain/caller";
import { type CallerSums, hourOf, mergeLastSeen } from "@/lib/domain/caller-sums";
import type { SeenToken } from "@/lib/domain/preflight-evidence";
import type { Observation } from "../observation";
import type { Agent } from "./agents";
import { ownCopy } from "./own-copy";
import { type SumLimits, sumLimits } from "./sum-limits";
import { touch } from "./touch";
import { lastSeenIn, NearTime, WaitingSums } from "./waiting-sums";

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
    if (counted) touch(counted, seen, agent, at);
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
    this.#callers.set(ownCopy(key), caller);
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
