import { figure, micros, ms, whole } from "./figures";
import { floodRows, growthRows, propagationRows, replacementRows, steadyRows } from "./further-rows";
import type { Report } from "./report";
import { isMet, type Verdict } from "./verdict";

/** A table as text, before it is drawn for a terminal or in Markdown. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The peers, fastest first, those that failed at the end. */
export function peerTable({ peers }: Report): Table {
  const sorted = [...(peers ?? [])].sort(
    (a, b) => (b.median?.requestsPerSecond ?? -1) - (a.median?.requestsPerSecond ?? -1),
  );
  return {
    head: ["", "version", "requests/s", "p50", "p99", "processor time a request"],
    rows: sorted.map(({ label, version, median, microsPerRequest, failure }) =>
      median === null
        ? [label, version, `failed: ${failure?.split("\n")[0] ?? "no run"}`, "", "", ""]
        : [
            label,
            version,
            whole(median.requestsPerSecond),
            ms(median.p50),
            ms(median.p99),
            micros(microsPerRequest),
          ],
    ),
  };
}

function outcomeOf(verdict: Verdict): string {
  const met = isMet(verdict);
  return met === null ? "not measured" : met ? "met" : "missed";
}

/** What was promised and what came of it. */
export function verdictTable(verdicts: readonly Verdict[]): Table {
  return {
    head: ["", "measured", "target", ""],
    rows: verdicts.map((verdict) => [
      verdict.label,
      verdict.value === null ? "–" : `${figure(verdict.value)} ${verdict.unit}`.trim(),
      `${verdict.bound} ${verdict.limit} ${verdict.unit}`.trim(),
      outcomeOf(verdict),
    ]),
  };
}

/** Everything measured beside the comparison of peers. */
export function furtherTable(report: Report): Table {
  return {
    head: ["", "measured"],
    rows: [
      ...growthRows(report),
      ...steadyRows(report),
      ...propagationRows(report),
      ...replacementRows(report),
      ...floodRows(report),
    ],
  };
}
