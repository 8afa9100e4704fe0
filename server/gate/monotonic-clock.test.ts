import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monotonicDate } from "./monotonic-clock";

const holdMs = 60_000;

function clock() {
  const state = { wall: 1_000_000, monotonic: 0 };
  const now = monotonicDate(holdMs, { wall: () => state.wall, monotonic: () => state.monotonic });
  return { state, read: () => now().getTime() };
}

describe("the gate's clock", () => {
  it("follows the machine's, and gives one Date for one millisecond", () => {
    const state = { wall: 5, monotonic: 0 };
    const now = monotonicDate(holdMs, { wall: () => state.wall, monotonic: () => 0 });
    const first = now();
    expect(now()).toBe(first);
    state.wall = 6;
    expect(now()).toEqual(new Date(6));
  });

  it("stands still when that is set back, and follows again after the hold", () => {
    const { state, read } = clock();
    expect(read()).toBe(1_000_000);
    state.wall = 400_000;
    expect(read()).toBe(1_000_000);
    state.monotonic = holdMs - 1;
    state.wall += holdMs - 1;
    expect(read()).toBe(1_000_000);
    state.monotonic = holdMs;
    state.wall += 1;
    expect(read()).toBe(460_000);
  });

  it("goes on at once when the machine's clock has caught up", () => {
    const { state, read } = clock();
    read();
    state.wall -= 5;
    expect(read()).toBe(1_000_000);
    state.wall += 6;
    expect(read()).toBe(1_000_001);
    state.wall -= 1;
    state.monotonic = holdMs;
    expect(read(), "a new hold begins with the next step back").toBe(1_000_001);
  });

  it("never goes back within the hold, whatever the machine's clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 50 }), (jumps) => {
        const { state, read } = clock();
        let before = read();
        for (const jump of jumps) {
          state.wall += jump;
          state.monotonic += 1;
          const at = read();
          expect(at).toBeGreaterThanOrEqual(before);
          before = at;
        }
      }),
    );
  });
});
