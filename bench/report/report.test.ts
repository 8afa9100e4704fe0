import { describe, expect, test } from "vitest";
import type { PeerResult } from "../measurements/peers";
import { settingsFor } from "../options";
import { isMet, type Report, ratio, type TargetVerdict, verdictsOn } from "./report";
import { peerTable, verdictTable } from "./tables";
import { drawMarkdown, drawText } from "./write";

function peer(name: string, requestsPerSecond: number | null): PeerResult {
  const run = { requests: 1, p50: 0.5, p99: 12.34, errorAnswers: 0, socketErrors: 0 };
  const median = requestsPerSecond === null ? null : { ...run, requestsPerSecond };
  return {
    name,
    label: name,
    version: "1.0",
    runs: [],
    median,
    microsPerRequest: null,
    failure: median ? null : "it ended",
  };
}

function report(peers: PeerResult[]): Report {
  const machine = { cpu: "CPU", cores: 2, memoryGib: 8, system: "Linux", node: "v20", pinned: true };
  const settings = settingsFor(true);
  const further = { steady: null, growth: null, propagation: null, replacement: null, flood: null };
  return { date: "2026-01-01", machine, settings, peers, ...further };
}

function find(verdicts: readonly TargetVerdict[], label: string): TargetVerdict | undefined {
  return verdicts.find((verdict) => verdict.label === label);
}

describe("a promise", () => {
  const verdicts = verdictsOn(
    report([
      peer("gate-accepting", 17_000),
      peer("undici", 20_000),
      peer("caddy", 17_000),
      peer("express", null),
    ]),
  );

  test("is a ratio of medians of one run, kept from its limit on", () => {
    const kept = find(verdicts, "gate accepting ÷ bare undici proxy");
    expect(kept?.value).toBe(0.85);
    expect(kept && isMet(kept)).toBe(true);
    const broken = find(verdicts, "gate accepting ÷ Caddy");
    expect(broken?.value).toBe(1);
    expect(broken && isMet(broken)).toBe(false);
  });

  test("is open when the measurement of either side failed", () => {
    const open = find(verdicts, "gate accepting ÷ express + http-proxy-middleware");
    expect(open?.value).toBeNull();
    expect(open && isMet(open)).toBeNull();
    expect(ratio(1, 0)).toBeNull();
  });

  test("is not mentioned when a side of it was not asked for", () => {
    expect(find(verdicts, "gate accepting ÷ route handler")).toBeUndefined();
  });

  test("of a time is kept up to its limit", () => {
    const time: TargetVerdict = { label: "p99", bound: "at most", limit: 5, unit: "ms", value: 5 };
    expect(isMet(time)).toBe(true);
    expect(isMet({ ...time, value: 5.01 })).toBe(false);
  });
});

describe("the tables", () => {
  test("show the fastest first and a failed measurement with its reason, never a figure", () => {
    const { rows } = peerTable(report([peer("slow", 900), peer("broken", null), peer("fast", 21_034)]));
    expect(rows).toEqual([
      ["fast", "1.0", "21,034", "0.50 ms", "12.3 ms", "–"],
      ["slow", "1.0", "900", "0.50 ms", "12.3 ms", "–"],
      ["broken", "1.0", "failed: it ended", "", "", ""],
    ]);
  });

  test("say met, missed or not measured", () => {
    const base: TargetVerdict = { label: "a", bound: "at least", limit: 2, unit: "", value: 2 };
    const verdicts = [base, { ...base, value: 1.5 }, { ...base, value: null }];
    expect(verdictTable(verdicts).rows).toEqual([
      ["a", "2.00", "at least 2", "met"],
      ["a", "1.50", "at least 2", "missed"],
      ["a", "–", "at least 2", "not measured"],
    ]);
  });

  test("are drawn with figures to the right, and in Markdown without breaking on a bar", () => {
    const table = {
      head: ["", "requests/s"],
      rows: [
        ["a|b", "1,000"],
        ["c", "9"],
      ],
    };
    expect(drawText(table)).toBe("     requests/s\na|b       1,000\nc             9\n");
    expect(drawMarkdown(table)).toBe("|  | requests/s |\n| --- | --- |\n| a\\|b | 1,000 |\n| c | 9 |\n");
  });
});
