import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { expect, test } from "vitest";
import { workedMs } from "./others";

test("idling is no work, everything that a processor does is", () => {
  const times = { user: 1, nice: 20, sys: 300, irq: 4000, idle: 50_000 };
  expect(workedMs([{ times }, { times }])).toBe(8642);
});

test.runIf(process.platform === "linux")("waiting for a disk is no work either", () => {
  // proc_stat(5): user, nice, system, idle, iowait, irq, … in hundredths of a second.
  const read = () =>
    [...readFileSync("/proc/stat", "utf8").matchAll(/^cpu\d+ (.+)$/gm)]
      .map(([, line = ""]) => line.split(" ").map(Number))
      .reduce(
        (sum, [user = 0, nice = 0, system = 0, , , irq = 0]) => sum + 10 * (user + nice + system + irq),
        0,
      );
  const before = read();
  const told = workedMs(cpus());
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(read());
});
