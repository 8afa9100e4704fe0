import { figure, mb, micros, ms, whole } from "./figures";
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

function steadyRows({ steady }: Report): string[][] {
  if (!steady) return [];
  if (steady.value === null) return [["Gate at half its peak rate", `failed: ${steady.failure}`]];
  const { peak, requestsPerSecond, p50, p99, p999, max, lagP99 } = steady.value;
  return [
    ["Peak rate of one gate", `${whole(peak)} requests/s`],
    [
      `At ${whole(requestsPerSecond)} requests/s: p50 · p99 · p99.9 · worst`,
      [p50, p99, p999, max].map(ms).join(" · "),
    ],
    ["Lateness of the generator itself, not counted above (p99)", ms(lagP99)],
  ];
}

function growthRows({ growth }: Report): string[][] {
  if (!growth) return [];
  if (growth.value === null) return [["Growth", `failed: ${growth.failure}`]];
  const { value } = growth;
  const perInstance =
    value.startedMb === null || value.cachedMb === null
      ? "–"
      : `${whole(((value.cachedMb - value.startedMb) * 1e6) / value.hotInstances)} bytes`;
  return [
    ["Throughput with 1 instance", `${whole(value.one.requestsPerSecond)} requests/s`],
    [
      `Throughput with ${whole(value.instances)} instances, ${whole(value.hotInstances)} of them called in turn`,
      `${whole(value.many.requestsPerSecond)} requests/s`,
    ],
    ["Cold look-ups", `${whole(value.coldPerSecond)} a second, p99 ${ms(value.coldP99)}`],
    [
      "Memory of the gate: started · hot instances cached · after full load",
      [value.startedMb, value.cachedMb, value.afterLoadMb].map(mb).join(" · "),
    ],
    ["Memory a cached instance (resident, garbage of the look-ups included)", perInstance],
  ];
}

function propagationRows({ propagation }: Report): string[][] {
  if (!propagation) return [];
  if (propagation.value === null) return [["Propagation", `failed: ${propagation.failure}`]];
  const { gates, changes, load, rejecting, accepting } = propagation.value;
  const times = ({ p50, p99, max }: typeof rejecting) => [p50, p99, max].map(ms).join(" · ");
  return [
    ["Changes, gates, load meanwhile", `${changes}, ${gates}, ${whole(load)} requests/s`],
    ["Commit → last gate rejects: p50 · p99 · worst", times(rejecting)],
    ["Commit → last gate lets through again: p50 · p99 · worst", times(accepting)],
  ];
}

/** Everything measured beside the comparison of peers. */
export function furtherTable(report: Report): Table {
  return {
    head: ["", "measured"],
    rows: [...growthRows(report), ...steadyRows(report), ...propagationRows(report)],
  };
}
