import { vi } from "vitest";
import type { InstancePolicy } from "@/lib/domain/gate";
import { PolicyCache, type PolicyCacheParts } from "../../lib/gate/policy/cache";
import { instancePolicy } from "./instance-policy";

export const accountId = "account";
/** A policy of that account, or of another. */
export const policy = (instanceId: string, epoch: bigint, account = accountId): InstancePolicy =>
  instancePolicy(instanceId, { accountId: account, epoch });

/** A database in memory that can be slow, or gone. */
class FakeDatabase {
  readonly rows = new Map<string, InstancePolicy>();
  readonly asked: string[][] = [];
  readonly epochsAsked: string[][] = [];
  down = false;
  /** Answers wait for this. */
  gate: Promise<void> | null = null;

  readonly readMany: PolicyCacheParts["readMany"] = async (ids) => {
    this.asked.push([...ids]);
    if (this.down) throw new Error("the database is gone");
    const policies = new Map<string, InstancePolicy>();
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row) policies.set(id, row);
    }
    await this.gate;
    return { policies, unusable: new Map() };
  };

  /** Gives some policies as they are now, after what answers wait for. */
  readonly readAhead = (ids: readonly string[]): Parameters<PolicyCache["warmUp"]>[0] => {
    return async (_most, take) => {
      const { policies } = await this.readMany(ids);
      for (const policy of policies.values()) take([policy]);
    };
  };

  readonly readEpochs: PolicyCacheParts["readEpochs"] = async (ids) => {
    this.epochsAsked.push([...ids]);
    if (this.down) throw new Error("the database is gone");
    const epochs = new Map<string, bigint>();
    for (const row of this.rows.values())
      if (ids.includes(row.accountId)) epochs.set(row.accountId, row.epoch);
    return epochs;
  };
}

/** A cache on a fake database and a fake clock; what it says of changes is noted. */
export class FakePolicies {
  readonly database = new FakeDatabase();
  readonly changes: (string | null)[] = [];
  cache: PolicyCache = this.newCache();

  newCache(more: Partial<PolicyCacheParts> = {}): PolicyCache {
    this.cache = new PolicyCache({
      readMany: this.database.readMany,
      readEpochs: this.database.readEpochs,
      now: () => performance.now(),
      maxStalenessMs: 60_000,
      mostInstances: 100,
      onChange: (account) => this.changes.push(account),
      ...more,
    });
    return this.cache;
  }

  /** Time passes while the listener's connection stays alive. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 5000) {
      vi.advanceTimersByTime(Math.min(left, 5000));
      this.cache.alive();
    }
  }

  readonly change = (id: string, epoch: bigint) => this.database.rows.set(id, policy(id, epoch));
}
