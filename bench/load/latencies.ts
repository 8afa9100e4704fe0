import { z } from "zod";

/** How long requests took, in milliseconds. */
export const latencies = z.object({
  count: z.number(),
  p50: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

export type Latencies = z.infer<typeof latencies>;

/**
 * The nearest-rank percentile: the smallest value that at least `share` of all values do not exceed.
 *
 * @param sorted ascending; NaN comes back when it is empty
 * @param share 0 to 1
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Sums up durations in milliseconds, given in any order. */
export function latenciesOf(values: Iterable<number>): Latencies {
  const sorted = Float64Array.from(values).sort();
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    max: percentile(sorted, 1),
  };
}

/** The element in the middle by a measure; of an even number, the lower of the two. Undefined when empty. */
export function medianBy<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  const sorted = [...items].sort((a, b) => measure(a) - measure(b));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
