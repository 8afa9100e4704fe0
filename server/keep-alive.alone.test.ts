import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backOff, type KeptAlive, keepAlive, PassingError, type Run, type StopMode } from "./keep-alive";
import { StartError } from "./terminal";

const { pauses } = vi.hoisted(() => ({ pauses: [] as { ms: number; elapse: () => void }[] }));

vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number, _value: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((resolve, reject) => {
      pauses.push({ ms, elapse: resolve });
      signal.addEventListener("abort", reject);
    }),
}));

/** One run in the hands of a test. */
class TestRun implements Run<string> {
  serve: (value: string) => void = () => {};
  fail: (error: unknown) => void = () => {};
  end: () => void = () => {};
  readonly stops: StopMode[] = [];
  readonly ready = new Promise<string>((resolve, reject) => {
    this.serve = resolve;
    this.fail = reject;
  });
  readonly ended = new Promise<void>((resolve) => {
    this.end = () => {
      this.fail(new StartError("ended too early"));
      resolve();
    };
  });

  stop(mode: StopMode): void {
    this.stops.push(mode);
    if (mode === "at once") this.end();
  }
}

let runs: TestRun[];
let printed: string;
let now: number;
let kept: KeptAlive<string>;

function startRun(): TestRun {
  const run = new TestRun();
  runs.push(run);
  return run;
}

const latest = () => runs.at(-1) ?? new TestRun();

/** Lets the newest pause, the given one, be over, and waits for the next run. */
async function elapse(count: number): Promise<void> {
  await vi.waitFor(() => expect(pauses).toHaveLength(count));
  const before = runs.length;
  pauses.at(-1)?.elapse();
  await vi.waitFor(() => expect(runs).toHaveLength(before + 1));
}

beforeEach(() => {
  runs = [];
  pauses.length = 0;
  printed = "";
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const collect = (text: unknown) => {
    printed += text;
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(collect);
  vi.spyOn(process.stderr, "write").mockImplementation(collect);
  kept = keepAlive({ name: "gate", start: startRun });
});

afterEach(() => vi.restoreAllMocks());

describe("what is kept alive", () => {
  it("tells what its first run told, and is started again whenever it ends by itself", async () => {
    latest().serve("first");
    expect(await kept.ready).toBe("first");
    latest().end();
    await elapse(1);
    latest().serve("second");
    latest().end();
    await elapse(2);
    expect(printed).toContain("the gate ended by itself; starting it again.");
    expect(runs).toHaveLength(3);
    expect(await kept.ready).toBe("first");
  });

  it("waits longer after each failure in a row, and forgets them after a minute that went well", async () => {
    latest().serve("first");
    for (const count of [1, 2, 3]) {
      latest().end();
      await elapse(count);
      latest().serve("again");
    }
    now += 60_001;
    latest().end();
    await elapse(4);
    expect(pauses.map(({ ms }) => ms)).toEqual([250, 500, 1000, 250]);
    expect(backOff(0)).toBe(250);
    expect(backOff(1000)).toBe(30_000);
  });

  it("is given up when its first start fails", async () => {
    latest().fail(new StartError("no disk"));
    await expect(kept.ready).rejects.toThrow("no disk");
    expect(latest().stops).toEqual(["at once"]);
    expect(pauses).toEqual([]);
    await kept.stop("politely");
  });

  it("is tried again for a while when its first start fails for a reason that may pass", async () => {
    latest().fail(new PassingError("port taken"));
    await elapse(1);
    now += 9000;
    latest().fail(new PassingError("port taken"));
    await elapse(2);
    now += 1001;
    latest().fail(new PassingError("port taken for good"));
    await expect(kept.ready).rejects.toThrow("for good");
    expect(runs).toHaveLength(3);
  });

  it("is tried for ever once it has served: a run that cannot serve is ended, and the reason is told", async () => {
    latest().serve("first");
    latest().end();
    await elapse(1);
    latest().fail(new StartError("no memory"));
    await elapse(2);
    expect(runs[1]?.stops).toEqual(["at once"]);
    expect(printed).toContain("Latchkey: no memory\n");
    latest().serve("again");
    expect(runs).toHaveLength(3);
  });

  it("counts what the start throws as a failure", async () => {
    let starts = 0;
    const throwing = keepAlive({
      name: "dashboard",
      start: () => {
        if (++starts === 2) throw new StartError("cannot fork");
        return startRun();
      },
    });
    latest().serve("first");
    latest().end();
    await vi.waitFor(() => expect(pauses).toHaveLength(1));
    pauses[0]?.elapse();
    await elapse(2);
    expect(printed).toContain("cannot fork");
    expect(starts).toBe(3);
    await throwing.stop("at once");
  });
});

describe("what is kept alive and stopped", () => {
  it("ends, and is not started again", async () => {
    latest().serve("first");
    await kept.ready;
    const stopped = kept.stop("politely");
    expect(latest().stops).toEqual(["politely"]);
    latest().end();
    await stopped;
    expect(printed).toBe("");
    expect([runs.length, pauses.length]).toEqual([1, 0]);
  });

  it("ends while it starts", async () => {
    const stopped = kept.stop("politely");
    latest().end();
    await expect(kept.ready).rejects.toThrow("ended too early");
    await stopped;
  });

  it("does not wait for a pause to be over", async () => {
    latest().serve("first");
    latest().end();
    await vi.waitFor(() => expect(pauses).toHaveLength(1));
    await kept.stop("politely");
    expect(runs).toHaveLength(1);
  });

  it("is stopped at once when it takes longer than it may, or when somebody hurries", async () => {
    latest().serve("first");
    const politely = kept.stop("politely");
    await kept.stop("at once");
    await politely;
    expect(latest().stops).toEqual(["politely", "at once"]);

    kept = keepAlive({ name: "gate", start: startRun, patienceMs: 1 });
    latest().serve("first");
    await kept.stop("politely");
    expect(latest().stops).toEqual(["politely", "at once"]);
  });
});
