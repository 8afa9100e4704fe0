import "../support/own-database";
import { randomInt } from "node:crypto";
import { afterAll, expect, test, vi } from "vitest";
import { hourMs } from "@/lib/domain/traffic";
import { print } from "@/server/terminal";
import { ModelLatchkey } from "./model";
import { RealLatchkey } from "./real-latchkey";
import { type Outcome, run } from "./run";
import { worldOf } from "./world";

const worlds = 200;
const dayMs = 24 * hourMs;

/** The first Monday that is wholly to come: the database has a clock of its own, and worlds are not to be over. */
const monday = Math.ceil((Date.now() - 4 * dayMs) / (7 * dayMs)) * 7 * dayMs + 4 * dayMs;

// Only `Date` is moved; the database's own clock goes on.
vi.useFakeTimers({ toFake: ["Date"] });
afterAll(() => void vi.useRealTimers());

test(`Latchkey itself keeps its promises in ${worlds} worlds, and does as in memory`, {
  timeout: 30 * 60_000,
}, async () => {
  const first = randomInt(1, 2 ** 30);
  let [activations, calls, seed] = [0, 0, first];
  const broken: string[] = [];
  const otherwise: number[] = [];
  for (let done = 0; done < worlds; seed++) {
    const world = worldOf(seed, monday);
    // Latchkey itself can be run only where callers are limited as it limits them.
    if (world.perInstance !== 500) continue;
    const real = await run(world, await RealLatchkey.open(world));
    const inMemory = await run(world, new ModelLatchkey(world));
    done++;
    calls += real.calls;
    for (const count of real.activations.values()) activations += count;
    broken.push(...real.violations.map(({ promise, text }) => `seed ${seed}: ${promise}: ${text}`));
    const same = (one: Outcome) => JSON.stringify([[...one.activations], [...one.explained], one.judged]);
    if (same(real) !== same(inMemory)) otherwise.push(seed);
    if (done % 20 === 0)
      print(`Latchkey itself: ${done} worlds, ${activations} activations, ${broken.length} violations`);
  }
  print(
    `Latchkey itself: ${worlds} worlds (seeds ${first} to ${seed - 1}), ${calls} calls, ${activations} activations, ` +
      `${broken.length} violations; otherwise than in memory: ${otherwise.join(", ") || "none"}`,
  );
  expect(broken).toEqual([]);
  expect(otherwise.length).toBeLessThan(worlds / 20);
});
