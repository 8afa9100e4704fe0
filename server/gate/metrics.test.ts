import { AggregatorRegistry } from "prom-client";
import { describe, expect, test } from "vitest";
import { durationHistogram } from "./metrics";

describe("a histogram of durations", () => {
  test("is one for Prometheus, also summed over processes", async () => {
    const families = [0.0004, 0.3].map((seconds) => {
      const histogram = durationHistogram();
      histogram.observe(seconds);
      histogram.observe(100);
      const values = histogram.values("x_seconds", { outcome: "accepted" });
      return [{ name: "x_seconds", help: "x", type: "histogram", aggregator: "sum", values }];
    });
    const text = await AggregatorRegistry.aggregate(families).metrics();
    expect(text).toContain('x_seconds_bucket{le="0.0005",outcome="accepted"} 1\n');
    expect(text).toContain('x_seconds_bucket{le="0.25",outcome="accepted"} 1\n');
    expect(text).toContain('x_seconds_bucket{le="0.5",outcome="accepted"} 2\n');
    expect(text).toContain('x_seconds_bucket{le="+Inf",outcome="accepted"} 4\n');
    expect(text).toContain('x_seconds_count{outcome="accepted"} 4');
    expect(text).toMatch(/x_seconds_sum\{outcome="accepted"\} 200\.3004/);
  });
});
