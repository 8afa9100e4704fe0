import type { Latencies } from "../load/latencies";
import type { ConstantRateResult } from "../load/tasks";
import { isMet, type Report, type TargetVerdict } from "./report";

const groups = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A whole number with thousands apart: `21,034`. */
export function whole(value: number): string {
  return groups.format(value);
}

/** Three digits or so: `0.91`, `12.4`, `180`. */
export function figure(value: number): string {
  if (value >= 100) return whole(value);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Milliseconds with their unit. */
export function ms(value: number): string {
  return `${figure(value)} ms`;
}

/** Megabytes with their unit; a dash when they are not known. */
export function mb(value: number | null): string {
  return value === null ? "–" : `${figure(value)} MB`;
}

/** Microseconds with their unit; a dash when they are not known. */
export function micros(value: number | null): string {
  return value === null ? "–" : `${figure(value)} µs`;
}

/** A share of 1 in per cent; a dash when it is not known. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${whole(share * 100)} %`;
}

const perSecond = (rate: number) => `${whole(rate)} requests/s`;
const worst = ({ p50, p99, p999, max }: ConstantRateResult) => [p50, p99, p999, max].map(ms).join(" · ");
const times = ({ p50, p99, max }: Latencies) => [p50, p99, max].map(ms).join(" · ");

/** Rows about latency at half the peak rate. */
function steadyRows({ steady }: Report): string[][] {
  if (!steady) return [];
  if (steady.value === null) return [["Gate at half its peak rate", `failed: ${steady.failure}`]];
  const { peak, requestsPerSecond, lagP99, bare } = steady.value;
  return [
    ["Peak rate of one gate", `${whole(peak)} requests/s`],
    [`At ${whole(requestsPerSecond)} requests/s: p50 · p99 · p99.9 · worst`, worst(steady.value)],
    ["The same of a bare undici proxy", worst(bare)],
    ["Lateness of the generator itself, not counted above (p99)", ms(lagP99)],
  ];
}

/** Rows about many instances. */
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

/** Rows about changes. */
function propagationRows({ propagation }: Report): string[][] {
  if (!propagation) return [];
  if (propagation.value === null) return [["Propagation", `failed: ${propagation.failure}`]];
  const { gates, changes, load, busy, rejecting, accepting } = propagation.value;
  return [
    [
      "Changes · gates · load meanwhile · their core in use",
      [changes, gates, perSecond(load), percent(busy)].join(" · "),
    ],
    ["Commit → last gate rejects: p50 · p99 · worst", times(rejecting)],
    ["Commit → last gate lets through again: p50 · p99 · worst", times(accepting)],
  ];
}

/** Rows about tokens that were replaced at once. */
function replacementRows({ replacement }: Report): string[][] {
  if (!replacement) return [];
  if (replacement.value === null) return [["Replacement", `failed: ${replacement.failure}`]];
  const { gates, replacements, load, busy, accepted, rejected } = replacement.value;
  return [
    [
      "Replacements · gates · load meanwhile · their core in use",
      [replacements, gates, perSecond(load), percent(busy)].join(" · "),
    ],
    ["Commit → last acceptance of the old token by any gate: p50 · p99 · worst", times(accepted)],
    ["Commit → old token rejected for good by the last gate: p50 · p99 · worst", times(rejected)],
  ];
}

/** Rows about very many distinct callers. */
function floodRows({ flood }: Report): string[][] {
  if (!flood) return [];
  if (flood.value === null) return [["Flood of callers", `failed: ${flood.failure}`]];
  const { value } = flood;
  return [
    [
      `${whole(value.callers)} distinct callers at one account with ${value.instances} instances`,
      `${whole(value.requestsPerSecond)} requests/s`,
    ],
    [
      "Memory of the gate: started · at most · once all was written",
      [value.startedMb, value.peakMb, value.afterMb].map(mb).join(" · "),
    ],
    [
      "Rows of callers · of their hours · size of the tables",
      `${whole(value.rows.callers)} · ${whole(value.rows.hours)} · ${mb(value.tablesMb)}`,
    ],
    ["Writing what was observed: p50 · p99 · worst", times(value.writes)],
    ["Reading the preflight meanwhile: p50 · p99 · worst", times(value.readsMeanwhile)],
    ["Reading the preflight afterwards: p50 · p99 · worst", times(value.readsAfter)],
  ];
}

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

function outcomeOf(verdict: TargetVerdict): string {
  const met = isMet(verdict);
  return met === null ? "not measured" : met ? "met" : "missed";
}

/** What was promised and what came of it. */
export function verdictTable(verdicts: readonly TargetVerdict[]): Table {
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
