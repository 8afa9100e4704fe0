import type { Outcome } from "@/lib/domain/caller";
import { type CallerSums, hourMs, hourOf, type LastSeen } from "@/lib/domain/caller-sums";
import type { SeenToken } from "@/lib/domain/preflight-evidence";

/** A clock set back further than this counts as having been set back so far. */
const mostBackMs = 24 * hourMs;

/**
 * Moments as milliseconds since the start of an hour shortly before them, 0 meaning never. The engine keeps such
 * small integers in the field of an object; a number of milliseconds since 1970 would be an object of its own.
 */
export class NearTime {
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
export class WaitingSums implements LastSeen {
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
export function lastSeenIn(seen: LastSeen, measure: (at: number) => number): LastSeen {
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
