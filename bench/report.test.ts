import { describe, expect, test } from "vitest";
import { settingsFor } from "./options";
import {
  documentOf,
  type Figure,
  figureTable,
  isMet,
  median,
  ratios,
  type Section,
  targetTable,
} from "./report";

const figure = (values: readonly number[], rest: Partial<Figure> = {}): Figure => {
  return { label: "a", unit: "", values, ...rest };
};
const section = (figures: readonly Figure[], failures: readonly string[] = []): Section => {
  return { name: "peers", title: "Side by side", figures, failures, notes: "" };
};

describe("a promise", () => {
  const atLeast = { target: { bound: "at least", limit: 0.85 } } as const;
  const atMost = { target: { bound: "at most", limit: 50 } } as const;

  test("is kept when the median of all rounds keeps it, not by one lucky round", () => {
    expect(isMet(figure([0.8, 0.84, 0.85, 0.9, 0.99], atLeast))).toBe(true);
    expect(isMet(figure([0.7, 0.8, 0.84, 0.99, 0.99], atLeast))).toBe(false);
    expect(isMet(figure([10, 20, 50, 60, 900], atMost))).toBe(true);
    expect(isMet(figure([10, 20, 50.1, 60, 900], atMost))).toBe(false);
  });

  test("is open without figures, and with an unknown one", () => {
    expect(isMet(figure([], atLeast))).toBeNull();
    expect(isMet(figure([1, Number.NaN, 1], atLeast))).toBeNull();
    expect(isMet(figure([1]))).toBeNull();
  });

  test("of something that never came is broken", () => {
    expect(isMet(figure([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1], atMost))).toBe(false);
  });

  test("compares within each round, and not at all when a side of it failed", () => {
    expect(ratios([10, 30], [20, 40])).toEqual([0.5, 0.75]);
    expect(ratios([10, 30], [])).toEqual([]);
    expect(ratios(undefined, [1])).toEqual([]);
  });
});

test("the median of an even number lies between the two in the middle", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 2])).toBe(3.5);
});

describe("the tables", () => {
  test("show the median with the lowest and the highest of all rounds, in columns of one row", () => {
    const figures = [
      figure([900, 21_034, 1000], { column: "requests/s" }),
      figure([0.5, 12.34, 180], { column: "p99", unit: "ms" }),
      figure([], { label: "b|c", column: "requests/s" }),
    ];
    expect(figureTable(section(figures))).toBe(
      "|  | requests/s | p99 |\n| --- | --- | --- |\n" +
        "| a | 1,000 (900 – 21,034) | 12.3 ms (0.50 – 180) |\n| b\\|c | – |  |\n",
    );
  });

  test("say met, missed or not measured", () => {
    const target = { bound: "at most", limit: 2 } as const;
    const figures = [[2], [2.5], []].map((values) => figure(values, { unit: "s", target }));
    expect(targetTable([section([...figures, figure([1])])])).toBe(
      "|  | measured | target |  |\n| --- | --- | --- | --- |\n" +
        "| a | 2.00 s | at most 2 s | met |\n| a | 2.50 s | at most 2 s | missed |\n| a | – | at most 2 s | not measured |\n",
    );
  });
});

test("the page names machine, Node.js and undici, and what failed", () => {
  const machine = {
    ...{ cpu: "CPU", cores: 2, memoryGib: 8, system: "Linux", pinned: true },
    ...{ node: "v26.12.1", undici: "8.13.1" },
  };
  const report = { date: "2026-01-01", machine, settings: settingsFor({ quick: false, rounds: null }) };
  const text = documentOf({ ...report, sections: [section([], ["express: it ended\nand more"])] });
  expect(text).toContain("2 × CPU");
  expect(text).toContain("v26.12.1 with undici 8.13.1");
  expect(text).toContain("median of 5 rounds");
  expect(text).toContain("- Failed: express: it ended and more\n");
});
