import "../support/own-database";
import { randomInt } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { print } from "@/server/terminal";
import { isPossible, runReally } from "./real";
import { worldOf } from "./world";

const worlds = 200;

const { close, worldAt } = runReally();
afterAll(close);

test(`Latchkey itself keeps its promises in ${worlds} worlds, and does as in memory`, {
  timeout: 30 * 60_000,
}, async () => {
  const first = randomInt(1, 2 ** 30);
  let [activations, calls, seed] = [0, 0, first];
  const broken: string[] = [];
  const otherwise: number[] = [];
  for (let done = 0; done < worlds; seed++) {
    if (!isPossible(worldOf(seed))) continue;
    const { real, inMemory } = await worldAt(seed);
    done++;
    calls += real.calls;
    for (const count of real.activations.values()) activations += count;
    broken.push(...real.violations.map(({ promise, text }) => `seed ${seed}: ${promise}: ${text}`));
    const same = (one: typeof real) => JSON.stringify([[...one.activations], [...one.explained], one.judged]);
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
