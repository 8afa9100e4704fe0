import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { expect, test } from "vitest";
import { parseCpuList, pinned, workedMs } from "./machine";

test("a CPU list is read with ranges and single CPUs", () => {
  expect(parseCpuList("0-2,5\n")).toEqual([0, 1, 2, 5]);
  expect(parseCpuList("3")).toEqual([3]);
  expect(parseCpuList("")).toEqual([]);
});

test("a command is pinned by taskset, or left alone where nothing can be pinned", () => {
  expect(pinned("1", "nginx", ["-v"])).toEqual(["taskset", ["-c", "1", "nginx", "-v"]]);
  expect(pinned(null, "nginx", ["-v"])).toEqual(["nginx", ["-v"]]);
});

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
