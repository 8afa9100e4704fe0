import { expect, test } from "vitest";
import { parseCpuList, pinned } from "./cores";

test("a CPU list is read with ranges and single CPUs", () => {
  expect(parseCpuList("0-2,5\n")).toEqual([0, 1, 2, 5]);
  expect(parseCpuList("3")).toEqual([3]);
  expect(parseCpuList("")).toEqual([]);
});

test("a command is pinned by taskset, or left alone where nothing can be pinned", () => {
  expect(pinned("1", "nginx", ["-v"])).toEqual(["taskset", ["-c", "1", "nginx", "-v"]]);
  expect(pinned(null, "nginx", ["-v"])).toEqual(["nginx", ["-v"]]);
});
