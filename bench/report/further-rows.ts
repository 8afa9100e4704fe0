import type { ConstantRateResult } from "../load/constant-rate";
import type { Latencies } from "../load/percentile";
import { mb, ms, percent, whole } from "./figures";
import type { Report } from "./report";

const perSecond = (rate: number) => `${whole(rate)} requests/s`;
const worst = ({ p50, p99, p999, max }: ConstantRateResult) => [p50, p99, p999, max].map(ms).join(" · ");
const times = ({ p50, p99, max }: Latencies) => [p50, p99, max].map(ms).join(" · ");

/** Rows about latency at half the peak rate. */
export function steadyRows({ steady }: Report): string[][] {
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
export function growthRows({ growth }: Report): string[][] {
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
export function propagationRows({ propagation }: Report): string[][] {
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
export function replacementRows({ replacement }: Report): string[][] {
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
export function floodRows({ flood }: Report): string[][] {
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
