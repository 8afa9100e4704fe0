import type { InstancePolicy } from "@/lib/domain/gate";
import { type EpochMark, type EpochMarks, sharingAccount } from "./epoch-marks";

/** A policy in memory. */
export interface HeldPolicy {
  readonly policy: InstancePolicy;
  readonly mark: EpochMark;
  /** When the reading began, in milliseconds of a monotonic clock. */
  readonly readAt: number;
  usedAt: number;
  triedAt: number;
}

/** Recency is kept this exactly, so that a busy entry is not moved at every request. */
const recencyMs = 2000;
/** Nobody has to make room before long while fewer than this share of the most are held. */
const crowded = 0.75;

/** A bounded number of policies; about the one that was not used for the longest time makes room. */
export class HeldPolicies {
  readonly #held = new Map<string, HeldPolicy>();
  readonly #marks: EpochMarks;
  readonly #most: number;
  readonly #crowd: number;

  constructor(marks: EpochMarks, most: number) {
    this.#marks = marks;
    this.#most = most;
    this.#crowd = most * crowded;
  }

  get size(): number {
    return this.#held.size;
  }

  get(instanceId: string, now: number): HeldPolicy | undefined {
    const held = this.#held.get(instanceId);
    if (held !== undefined && this.#held.size >= this.#crowd && now - held.usedAt > recencyMs) {
      held.usedAt = now;
      this.#held.delete(instanceId);
      this.#held.set(instanceId, held);
    }
    return held;
  }

  set(policy: InstancePolicy, readAt: number): void {
    const { instanceId, accountId } = policy;
    this.delete(instanceId);
    const mark = this.#marks.hold(accountId);
    const shared = sharingAccount(policy, mark, readAt);
    const { policy: slim, readAt: at } = shared;
    this.#held.set(instanceId, { policy: slim, readAt: at, mark, usedAt: readAt, triedAt: readAt });
    if (this.#held.size <= this.#most) return;
    const oldest = this.#held.keys().next().value;
    if (oldest !== undefined) this.delete(oldest);
  }

  delete(instanceId: string): void {
    const held = this.#held.get(instanceId);
    if (!held) return;
    this.#held.delete(instanceId);
    this.#marks.release(held.mark);
  }

  /** Forgets everything about accounts that do not exist any more. */
  deleteAccounts(accountIds: ReadonlySet<string>): void {
    for (const [instanceId, { mark }] of this.#held) {
      if (accountIds.has(mark.accountId)) this.delete(instanceId);
    }
  }
}
