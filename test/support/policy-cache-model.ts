import fc from "fast-check";
import { expect } from "vitest";
import type { InstancePolicy } from "@/lib/domain/gate";
import { PolicyCache } from "../../lib/gate/policy/cache";
import { instancePolicy } from "./instance-policy";

const maxStalenessMs = 60_000;
const instances = ["a1", "a2", "b1"] as const;
type Instance = (typeof instances)[number];
const accountOf = (instance: string) => instance.slice(0, 1);

/** Something that happens. */
export type Step =
  | { readonly do: "read" | "create" | "remove" | "change"; readonly instance: Instance }
  | { readonly do: "answer" | "deliver" | "lose" | "listen" | "beat" | "warm" }
  | { readonly do: "pass"; readonly ms: number };

const instance = fc.constantFrom(...instances);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read" as const), instance }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("create", "remove", "change"), instance }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("answer", "deliver", "beat") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("warm" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("lose", "listen") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 45_000 }) }),
  },
) as fc.Arbitrary<Step>;

/** A database, a channel and a clock, driven step by step; and what may be served at each moment. */
export class Model {
  now = 0;
  listening = false;
  readonly exists = new Set<Instance>(["a1", "b1"]);
  readonly epochs = new Map([
    ["a", 1n],
    ["b", 1n],
  ]);
  /** When each epoch of an account was replaced by the next. */
  readonly replacedAt = new Map<string, number>();
  readonly announced = new Map<string, bigint>();
  readonly channel: [string, bigint][] = [];
  readonly answers: (() => void)[] = [];
  /** Of each instance: when it began to exist as far as an announcement told. */
  readonly toldToExist = new Map<Instance, number>();
  steps = 0;

  readonly cache = new PolicyCache({
    now: () => this.now,
    maxStalenessMs,
    mostInstances: 2,
    readMany: (ids) => {
      // A statement sees the moment it began at, however late it answers.
      const rows = ids.filter((id) => this.exists.has(id as Instance)).map((id) => this.policyOf(id));
      const found = { policies: new Map(rows.map((row) => [row.instanceId, row])), unusable: new Map() };
      return new Promise((resolve) => this.answers.push(() => resolve(found)));
    },
    readEpochs: async () => new Map(this.epochs),
  });

  /** What an instance has of its own and what is its account's both say the epoch that they are of. */
  policyOf(instanceId: string): InstancePolicy {
    const accountId = accountOf(instanceId);
    const epoch = this.epochs.get(accountId) ?? 0n;
    return instancePolicy(instanceId, {
      accountId,
      graceUntil: new Date(Number(epoch)),
      known: new Set([String(epoch)]),
      tokens: [{ state: "current", digest: Uint8Array.of(Number(epoch)), retireAt: null }],
      firstByteSeconds: Number(epoch),
      epoch,
    });
  }

  /** Of the moment it began at, however late each policy arrives; anything may happen in between. */
  async readAhead(take: (policies: readonly InstancePolicy[]) => void): Promise<void> {
    const policies = instances.filter((id) => this.exists.has(id)).map((id) => this.policyOf(id));
    const arrivals = policies.map((policy) => {
      return new Promise<void>((resolve) => {
        this.answers.push(() => {
          take([policy]);
          resolve();
        });
      });
    });
    await Promise.all(arrivals);
  }

  raise(id: Instance): void {
    const account = accountOf(id);
    const epoch = this.epochs.get(account) ?? 0n;
    this.replacedAt.set(`${account}${epoch}`, this.now);
    this.epochs.set(account, epoch + 1n);
    if (this.listening) this.channel.push([account, epoch + 1n]);
  }

  deliver(): void {
    const next = this.channel.shift();
    if (!next) return;
    const [account, epoch] = next;
    this.announced.set(account, epoch);
    this.cache.announced(account, epoch);
    if (epoch !== this.epochs.get(account)) return;
    for (const id of instances) {
      if (accountOf(id) !== account) continue;
      if (this.exists.has(id)) this.toldToExist.set(id, this.steps);
      else this.toldToExist.delete(id);
    }
  }

  async read(id: Instance): Promise<void> {
    const begun = this.steps;
    const policy = await this.cache.read(id);
    if (policy === null) {
      // Nobody who asks after the announcement of an instance hears that there is none.
      const told = this.toldToExist.get(id);
      if (told !== undefined && this.exists.has(id)) expect(told).toBeGreaterThan(begun);
      return;
    }
    const account = accountOf(id);
    expect(policy.firstByteSeconds).toBe(Number(policy.epoch));
    expect(policy.tokens[0]?.digest[0]).toBe(Number(policy.epoch));
    expect([...(policy.known ?? [])]).toEqual([String(policy.epoch)]);
    expect(policy.graceUntil).toEqual(new Date(Number(policy.epoch)));
    expect(policy.epoch).toBeGreaterThanOrEqual(this.announced.get(account) ?? 0n);
    const replacedAt = this.replacedAt.get(`${account}${policy.epoch}`);
    if (replacedAt !== undefined) expect(this.now - replacedAt).toBeLessThan(maxStalenessMs);
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) await Promise.resolve();
  }

  async answerAll(): Promise<void> {
    while (this.answers.length > 0) {
      this.answers.shift()?.();
      await this.settle();
    }
  }

  async run(what: Step): Promise<void> {
    this.steps++;
    switch (what.do) {
      case "create":
        if (!this.exists.has(what.instance)) {
          this.exists.add(what.instance);
          this.raise(what.instance);
        }
        break;
      case "remove":
        if (this.exists.delete(what.instance)) {
          this.toldToExist.delete(what.instance);
          this.raise(what.instance);
        }
        break;
      case "change":
        this.raise(what.instance);
        break;
      case "answer":
        this.answers.shift()?.();
        break;
      case "deliver":
        this.deliver();
        break;
      case "beat":
        // The answer to a heartbeat comes after everything announced before it.
        if (this.listening) {
          while (this.channel.length > 0) this.deliver();
          this.cache.alive();
        }
        break;
      case "lose":
        if (this.listening) this.cache.lost();
        this.listening = false;
        this.channel.length = 0;
        break;
      case "listen":
        if (!this.listening) {
          this.listening = true;
          await this.cache.connected();
          // What was missed counts as announced from now on.
          for (const [account, epoch] of this.epochs) this.announced.set(account, epoch);
          for (const id of this.exists) this.toldToExist.set(id, this.steps);
        }
        break;
      case "pass":
        // No statement takes as long as policies may be stale.
        await this.answerAll();
        this.now += what.ms;
        break;
      case "warm":
        void this.cache.warmUp((_most, take) => this.readAhead(take), maxStalenessMs);
        break;
      case "read":
        break;
    }
    await this.settle();
  }
}
