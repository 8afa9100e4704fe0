import type { CallerStatistics } from "@/lib/db/caller-statistics";
import type { CallerRow } from "@/lib/db/callers";
import { isLiveToken, type SeenToken } from "@/lib/domain/preflight-evidence";
import { mostHours, type Rhythm, rhythmDays, rhythmOf } from "@/lib/domain/rhythm";
import { settleMs } from "@/lib/domain/rotation";
import { hourMs } from "@/lib/domain/traffic";

/** Requests of a caller in one hour: all, those that were let in, and those that came without a live token. */
interface HourOfCaller {
  readonly requests: number;
  readonly accepted: number;
  readonly tokenless: number;
}

const noRequests: HourOfCaller = { requests: 0, accepted: 0, tokenless: 0 };

/** A row of the table of callers, as far as verdicts depend on it. Moments in milliseconds since 1970. */
interface StoredCaller {
  readonly accountId: string;
  readonly instanceId: string;
  readonly others: boolean;
  readonly address: string | null;
  readonly agent: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly lastToken: SeenToken;
  readonly acceptedAt: number | null;
  readonly liveAt: number | null;
  readonly notLiveAt: number | null;
  readonly liveSinceAt: number | null;
  readonly relapsedFrom: number | null;
  readonly relapsedAt: number | null;
}

/** The later of two moments, null being none: `GREATEST` of SQL. */
function greatest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/** What becomes of a row by what was seen since: the `ON CONFLICT` of lib/db/caller-statistics.ts. */
export function mergeRows(old: StoredCaller, seen: StoredCaller): StoredCaller {
  const notLiveAt = greatest(old.notLiveAt, seen.notLiveAt);
  const live = [old, seen].flatMap((row) => [row.liveAt, row.liveSinceAt]).filter((at) => at !== null);
  const before = live.filter((at) => notLiveAt !== null && at < notLiveAt);
  const after = live.filter((at) => notLiveAt === null || at > notLiveAt);
  const relapsedFrom = [old.relapsedFrom, seen.relapsedFrom, ...before].reduce(greatest, null);
  return {
    ...old,
    firstSeenAt: Math.min(old.firstSeenAt, seen.firstSeenAt),
    lastSeenAt: Math.max(old.lastSeenAt, seen.lastSeenAt),
    lastToken: seen.lastSeenAt < old.lastSeenAt ? old.lastToken : seen.lastToken,
    acceptedAt: greatest(old.acceptedAt, seen.acceptedAt),
    liveAt: greatest(old.liveAt, seen.liveAt),
    notLiveAt,
    liveSinceAt: after.length === 0 ? null : Math.min(...after),
    relapsedFrom,
    relapsedAt: relapsedFrom === null ? null : notLiveAt,
  };
}

/** Several sights of one caller in one batch, as the rows beyond the limits are: the `SELECT DISTINCT ON`. */
function together(one: StoredCaller, other: StoredCaller): StoredCaller {
  const newest = other.lastSeenAt > one.lastSeenAt ? other : one;
  const notLiveAt = greatest(one.notLiveAt, other.notLiveAt);
  const relapsedFrom = greatest(one.relapsedFrom, other.relapsedFrom);
  return {
    ...newest,
    firstSeenAt: Math.min(one.firstSeenAt, other.firstSeenAt),
    acceptedAt: greatest(one.acceptedAt, other.acceptedAt),
    liveAt: greatest(one.liveAt, other.liveAt),
    notLiveAt,
    relapsedFrom,
    relapsedAt: relapsedFrom === null ? null : notLiveAt,
  };
}

function rowOf(seen: CallerStatistics, others: boolean): StoredCaller {
  const { accountId, instanceId, address, agent, firstAt, last, liveBeforeAt } = seen;
  return {
    ...{ accountId, instanceId, others },
    address: others ? null : address,
    agent: others ? "" : agent,
    firstSeenAt: firstAt,
    lastSeenAt: last.lastAt,
    lastToken: last.token,
    acceptedAt: seen.acceptedAt,
    liveAt: seen.liveAt,
    notLiveAt: seen.notLiveAt,
    liveSinceAt: others ? null : seen.liveSinceAt,
    relapsedFrom: liveBeforeAt,
    relapsedAt: liveBeforeAt === null ? null : seen.notLiveAt,
  };
}

/** The key of a caller's row. */
export function rowKey(instanceId: string, address: string | null, agent: string): string {
  return `${instanceId}\n${address}\n${agent}`;
}

/**
 * The table of callers in memory, as `writeCallerStatistics` and `forgetOldTraffic` keep it in PostgreSQL:
 * caller-table.db.test.ts shows that both come to the same rows. Making room at the limits is left out.
 */
export class CallerTable {
  readonly rows = new Map<string, StoredCaller>();
  /** Requests of each caller by hour. */
  readonly hours = new Map<string, Map<number, HourOfCaller>>();
  readonly dismissedAt = new Map<string, number>();
  readonly leftOutAt = new Map<string, number>();
  readonly #perInstance: number;
  readonly #perAccount: number;
  readonly #merge: typeof mergeRows;

  constructor(perInstance: number, perAccount: number, merge = mergeRows) {
    this.#perInstance = perInstance;
    this.#perAccount = perAccount;
    this.#merge = merge;
  }

  /** Adds a batch. */
  write(batch: readonly CallerStatistics[]): void {
    const held = (column: "instanceId" | "accountId") => {
      const counts = new Map<string, number>();
      for (const row of this.rows.values()) counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
      return counts;
    };
    let counts: { ofInstance: Map<string, number>; ofAccount: Map<string, number> } | null = null;
    const rows = new Map<string, StoredCaller>();
    for (const seen of batch) {
      const { accountId, instanceId } = seen;
      let key = seen.others ? instanceId : rowKey(instanceId, seen.address, seen.agent);
      if (!seen.others && !this.rows.has(key)) {
        counts ??= { ofInstance: held("instanceId"), ofAccount: held("accountId") };
        const ofInstance = (counts.ofInstance.get(instanceId) ?? 0) + 1;
        const ofAccount = (counts.ofAccount.get(accountId) ?? 0) + 1;
        counts.ofInstance.set(instanceId, ofInstance);
        counts.ofAccount.set(accountId, ofAccount);
        if (ofInstance > this.#perInstance || ofAccount > this.#perAccount) key = instanceId;
      }
      const row = rowOf(seen, key === instanceId);
      const same = rows.get(key);
      rows.set(key, same ? together(same, row) : row);
      this.#count(key, seen);
    }
    for (const [key, row] of rows) {
      const old = this.rows.get(key);
      this.rows.set(key, old ? this.#merge(old, row) : row);
    }
  }

  #count(key: string, { counts }: CallerStatistics): void {
    const hours = this.hours.get(key) ?? new Map<number, HourOfCaller>();
    this.hours.set(key, hours);
    for (const { hour, outcome, token, requests } of counts) {
      const before = hours.get(hour) ?? noRequests;
      hours.set(hour, {
        requests: before.requests + requests,
        accepted: before.accepted + (outcome === "accepted" ? requests : 0),
        tokenless: before.tokenless + (token === "none" || isLiveToken(token) ? 0 : requests),
      });
    }
  }

  /** Forgets what is older than the retention, but for callers that a token armed then waits for. */
  forget(now: number, days: number, armedAt: number | null = null): void {
    const retentionMs = days * 24 * hourMs;
    const oldest = now - retentionMs;
    const isWaitedFor = (key: string, { firstSeenAt, lastSeenAt }: StoredCaller) =>
      armedAt !== null &&
      lastSeenAt >= armedAt - retentionMs &&
      firstSeenAt <= armedAt + settleMs &&
      !this.leftOutAt.has(key) &&
      !((this.dismissedAt.get(key) ?? 0) >= lastSeenAt);
    for (const [key, row] of this.rows) {
      if (row.lastSeenAt < oldest && !isWaitedFor(key, row)) this.rows.delete(key);
      else this.#forgetHours(key, oldest);
    }
    for (const key of this.hours.keys()) {
      if (this.rows.has(key)) continue;
      this.hours.delete(key);
      this.dismissedAt.delete(key);
      this.leftOutAt.delete(key);
    }
  }

  #forgetHours(key: string, oldest: number): void {
    const hours = this.hours.get(key);
    for (const hour of hours?.keys() ?? []) if (hour < oldest) hours?.delete(hour);
  }

  /** A caller's rhythm, as `readRhythms` reads it. */
  rhythmOf(key: string): Rhythm {
    return this.#rhythm(key, "requests");
  }

  /** The rhythm in which it came without a live token, as `readTokenlessRhythms` reads it. */
  tokenlessRhythmOf(key: string): Rhythm {
    const isMixed = this.#newestHours(key, "tokenless").length > 0;
    return this.#rhythm(key, isMixed ? "tokenless" : "requests");
  }

  #rhythm(key: string, counted: "requests" | "tokenless"): Rhythm {
    const newest = this.#newestHours(key, counted);
    return rhythmOf({
      hours: newest.map(([hour]) => hour),
      requests: newest.map(([, hour]) => hour[counted]),
    });
  }

  #newestHours(key: string, counted: "requests" | "tokenless") {
    const oldest = (this.rows.get(key)?.lastSeenAt ?? 0) - rhythmDays * 24 * hourMs;
    const kept = [...(this.hours.get(key) ?? [])].filter(([at, hour]) => at > oldest && hour[counted] > 0);
    return kept.sort(([one], [other]) => other - one).slice(0, mostHours);
  }

  /** Requests of a caller that were let in. */
  acceptedOf(key: string): number {
    return [...(this.hours.get(key)?.values() ?? [])].reduce((sum, { accepted }) => sum + accepted, 0);
  }

  /** Every caller as it is read for a judgement, those heard last first. */
  read(isEnforced: (instanceId: string) => boolean, isInGrace: (key: string) => boolean): CallerRow[] {
    const date = (ms: number | null | undefined) => (typeof ms === "number" ? new Date(ms) : null);
    const { hours } = this;
    const rows = [...this.rows].sort(([, one], [, other]) => other.lastSeenAt - one.lastSeenAt);
    return rows.map(([key, row]) => ({
      id: key,
      instanceId: row.instanceId,
      instanceName: row.instanceId,
      instanceEnforced: isEnforced(row.instanceId),
      others: row.others,
      name: null,
      address: row.address,
      agent: row.agent,
      firstSeenAt: new Date(row.firstSeenAt),
      lastSeenAt: new Date(row.lastSeenAt),
      lastToken: row.lastToken,
      liveAt: date(row.liveAt),
      notLiveAt: date(row.notLiveAt),
      relapsedAt: date(row.relapsedAt),
      relapsedFrom: date(row.relapsedFrom),
      dismissedAt: date(this.dismissedAt.get(key)),
      leftOutAt: date(this.leftOutAt.get(key)),
      inGrace: isInGrace(key),
      // Asked for seldom, and read often.
      get requests() {
        return [...(hours.get(key)?.values() ?? [])].reduce((sum, hour) => sum + hour.requests, 0);
      },
    }));
  }
}
