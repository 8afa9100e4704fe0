import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Confirmations } from "@/lib/gate/confirmations";
import type { Served } from "@/lib/gate/doors/node";
import type { BodyMemory } from "@/lib/gate/held-body";
import type { ClockWatch } from "@/lib/gate/log";
import type { PolicyCache } from "@/lib/gate/policy/cache";
import type { UpstreamPools } from "@/lib/gate/proxy/pools";
import type { Tunnels } from "@/lib/gate/websocket/tunnel";

const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Durations counted in buckets. */
interface DurationHistogram {
  observe(seconds: number): void;
  /** The cumulative buckets, sum and count, as Prometheus wants them. */
  values(name: string, labels: MetricValue["labels"]): MetricValue[];
}

/** A histogram that takes a few nanoseconds to observe; that of prom-client takes a microsecond. */
export function durationHistogram(): DurationHistogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    observe(seconds) {
      let at = 0;
      while (at < bounds.length && seconds > (bounds[at] ?? 0)) at++;
      counts[at] = (counts[at] ?? 0) + 1;
      sum += seconds;
    },
    values(name, labels) {
      let total = 0;
      const buckets = [...counts].map((count, at): MetricValue => {
        total += count;
        return {
          labels: { le: bounds[at] ?? "+Inf", ...labels },
          value: total,
          metricName: `${name}_bucket`,
        };
      });
      return [
        ...buckets,
        { labels, value: sum, metricName: `${name}_sum` },
        { labels, value: total, metricName: `${name}_count` },
      ];
    },
  };
}

/** One value of a metric. */
interface MetricValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it differs from the metric's own: the parts of a histogram. */
  readonly metricName?: string;
}

/** A metric as prom-client passes it between processes. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly aggregator: "sum" | "max" | "min";
  readonly values: readonly MetricValue[];
}

/** What is measured. */
interface Measured {
  readonly cache: PolicyCache;
  readonly confirmations: Confirmations;
  readonly clock: ClockWatch;
  readonly pools: UpstreamPools;
  readonly tunnels: Tunnels;
  readonly bodies: BodyMemory;
  readonly connections: () => Promise<number>;
}

type Series = readonly (readonly [labels: MetricValue["labels"], value: number])[];

function family(
  type: "counter" | "gauge",
  name: string,
  help: string,
  series: Series | number,
  aggregator: MetricFamily["aggregator"] = "sum",
): MetricFamily {
  const list: Series = typeof series === "number" ? [[{}, series]] : series;
  const values = list.map(([labels, value]) => ({ labels, value }));
  return { name: `latchkey_gate_${name}`, help, type, aggregator, values };
}

function groupOf(outcome: Served["outcome"]): "accepted" | "rejected" | "failed" {
  if (outcome === "accepted") return "accepted";
  return /^(?:upstream_|broke_off|client_left|policy_unavailable)/.test(outcome) ? "failed" : "rejected";
}

/**
 * The figures of one process. Counting a request costs two additions; everything else is done when
 * somebody asks.
 */
export class GateMetrics {
  readonly #measured: Measured;
  readonly #outcomes = new Map<Served["outcome"], { count: number; durations: DurationHistogram }>();
  readonly #groups = {
    accepted: durationHistogram(),
    rejected: durationHistogram(),
    failed: durationHistogram(),
  };
  readonly #lag = monitorEventLoopDelay({ resolution: 20 });

  constructor(measured: Measured) {
    this.#measured = measured;
    this.#lag.enable();
  }

  count({ outcome, durationMs }: Served): void {
    let counted = this.#outcomes.get(outcome);
    if (!counted) {
      counted = { count: 0, durations: this.#groups[groupOf(outcome)] };
      this.#outcomes.set(outcome, counted);
    }
    counted.count++;
    counted.durations.observe(durationMs / 1000);
  }

  async collect(): Promise<readonly MetricFamily[]> {
    const { cache, confirmations, clock, pools, tunnels, bodies, connections } = this.#measured;
    const { hits, misses, unknown, failures } = cache.counts;
    const outcomes = [...this.#outcomes].map(([outcome, { count }]) => [{ outcome }, count] as const);
    const lag = [0.5, 0.99].map((quantile) => {
      return [{ quantile }, this.#lag.percentile(quantile * 100) / 1e9] as const;
    });
    this.#lag.reset();
    return [
      family("counter", "requests_total", "Requests to instances by how they ended", outcomes),
      {
        name: "latchkey_gate_request_duration_seconds",
        help: "From the head of a request to the end of its answer",
        type: "histogram",
        aggregator: "sum",
        values: Object.entries(this.#groups).flatMap(([outcome, durations]) =>
          durations.values("latchkey_gate_request_duration_seconds", { outcome }),
        ),
      },
      family("counter", "policy_lookups_total", "Look-ups of policies by where they ended", [
        [{ result: "hit" }, hits - unknown],
        [{ result: "hit_unknown" }, unknown],
        [{ result: "miss" }, misses],
        [{ result: "failure" }, failures],
      ]),
      family("gauge", "policies_held", "Policies in memory", cache.size),
      family("gauge", "unknown_instances_held", "Ids in memory that no instance has", cache.unknownSize),
      family(
        "gauge",
        "policy_staleness_seconds",
        "Time since held policies were surely up to date; 0 while changes are heard",
        Math.min(cache.staleness() / 1000, 1e9),
        "max",
      ),
      family(
        "gauge",
        "clock_skew_seconds",
        "How far this machine's clock is ahead of the database's; below 0 it is behind",
        clock.aheadMs === null ? [] : clock.aheadMs / 1000,
        "max",
      ),
      family(
        "counter",
        "changes_applied_total",
        "Announced changes of decisions applied",
        confirmations.applied,
      ),
      family("gauge", "confirmations_waiting", "Applied changes not yet reported", confirmations.waiting),
      family("gauge", "connections", "Open connections of clients", await connections()),
      family("gauge", "tunnels", "Open WebSockets", tunnels.size),
      family("gauge", "upstreams", "Upstreams that connections are kept to", pools.size),
      family("gauge", "upstream_exchanges", "Requests under way to upstreams", pools.active),
      family("gauge", "held_body_bytes", "Memory of bodies that name an instance, taken", bodies.held),
      family("gauge", "held_body_limit_bytes", "Memory that such bodies can have", bodies.total),
      family("gauge", "event_loop_lag_seconds", "Delay of the event loop since the last scrape", lag, "max"),
      family("gauge", "resident_memory_bytes", "Memory of all processes", process.memoryUsage.rss()),
    ];
  }
}
