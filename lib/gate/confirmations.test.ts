import { afterEach, describe, expect, it } from "vitest";
import type { AppliedEpoch, ConfirmationStore } from "@/lib/db/gate-confirmations";
import { Confirmations } from "./confirmations";

/** A database that holds statements until it is told to answer. */
class FakeStore implements ConfirmationStore {
  readonly written: AppliedEpoch[][] = [];
  readonly beats: (string | null)[] = [];
  readonly log: string[] = [];
  failing = false;
  held: (() => void)[] | null = null;

  async #answer(what: string): Promise<void> {
    this.log.push(what);
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    if (this.failing) throw new Error("the database is gone");
  }

  async write(applied: readonly AppliedEpoch[]): Promise<void> {
    await this.#answer("write");
    this.written.push([...applied]);
  }

  async beat(snapshot: string | null): Promise<void> {
    await this.#answer("beat");
    this.beats.push(snapshot);
  }

  async sweep(): Promise<void> {}

  leave = () => this.#answer("leave");
  close = async () => void this.log.push("close");
}

const opened: Confirmations[] = [];

function open(store: ConfirmationStore, now: () => number = () => 0): Confirmations {
  const confirmations = new Confirmations({ store, now, onFailure: () => {}, beatMs: 60_000, retryMs: 5 });
  opened.push(confirmations);
  return confirmations;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((confirmations) => confirmations.leave()));
});

const epochs = (batch: readonly AppliedEpoch[] | undefined) =>
  batch?.map(({ accountId, epoch }) => `${accountId}${epoch}`);

describe("reports of a gate", () => {
  it("say what was applied in one statement for all that came at once, with the newest epoch of each", async () => {
    const store = new FakeStore();
    const confirmations = open(store);
    confirmations.note("a", 1n);
    confirmations.note("b", 7n);
    confirmations.note("a", 3n);
    confirmations.note("a", 2n);
    await expect.poll(() => store.written.length).toBe(1);
    expect(epochs(store.written[0])).toEqual(["b7", "a3"]);
    expect(confirmations.applied).toBe(4);
    expect(confirmations.waiting).toBe(0);
  });

  it("are one statement at a time: what is applied meanwhile goes with the next, and says how old it is", async () => {
    const store = new FakeStore();
    let now = 100;
    const confirmations = open(store, () => now);
    store.held = [];
    confirmations.note("a", 1n);
    await expect.poll(() => store.held?.length).toBe(1);
    confirmations.note("a", 2n);
    confirmations.note("b", 1n);
    now = 130;
    expect(store.log).toEqual(["write"]);
    const [answer] = store.held;
    store.held = null;
    answer?.();
    await expect.poll(() => store.written.length).toBe(2);
    expect(epochs(store.written[1])).toEqual(["a2", "b1"]);
    expect(store.written[1]?.map(({ ageMs }) => ageMs)).toEqual([30, 30]);
  });

  it("wait while the database takes nothing, unless something newer does", async () => {
    const store = new FakeStore();
    const confirmations = open(store);
    store.failing = true;
    confirmations.note("a", 1n);
    confirmations.note("b", 1n);
    await expect.poll(() => store.log.length).toBeGreaterThan(1);
    confirmations.note("a", 2n);
    store.failing = false;
    await expect.poll(() => store.written.length).toBeGreaterThan(0);
    expect(new Set(store.written.flatMap((batch) => epochs(batch) ?? []))).toEqual(new Set(["a2", "b1"]));
    expect(confirmations.waiting).toBe(0);
  });

  it("say nothing of this process before it has caught up, and then with the newest snapshot", async () => {
    const store = new FakeStore();
    const confirmations = open(store);
    confirmations.note("a", 1n);
    await expect.poll(() => store.written.length).toBe(1);
    expect(store.beats).toEqual([]);
    store.held = [];
    confirmations.caughtUp("10:20:");
    await expect.poll(() => store.held?.length).toBe(1);
    confirmations.caughtUp("30:40:");
    const [answer] = store.held;
    store.held = null;
    answer?.();
    await expect.poll(() => store.beats).toEqual(["10:20:", "30:40:"]);
  });

  it("end with a goodbye that no report under way can undo", async () => {
    const store = new FakeStore();
    const confirmations = open(store);
    store.held = [];
    confirmations.caughtUp("10:20:");
    await expect.poll(() => store.log).toEqual(["beat"]);
    const left = confirmations.leave();
    confirmations.note("a", 1n);
    confirmations.caughtUp("30:40:");
    const [answer] = store.held;
    store.held = null;
    answer?.();
    await left;
    expect(store.log).toEqual(["beat", "leave", "close"]);
    expect(store.written).toEqual([]);
  });

  it("leave also while the database is gone", async () => {
    const store = new FakeStore();
    store.failing = true;
    await open(store).leave();
    expect(store.log).toEqual(["leave", "close"]);
  });
});
