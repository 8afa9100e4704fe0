import { describe, expect, test } from "vitest";
import { faultOf, parseWrkOutput, type WrkRun } from "./wrk";

const clean = `Running 6s test @ http://127.0.0.1:8080/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   580.66us   70.81us   1.60ms   88.46%
    Req/Sec    55.07k     1.58k   57.18k    80.00%
  Latency Distribution
     50%  577.00us
     75%  600.00us
     90%  628.00us
     99%    1.25s
  54873 requests in 1.00s, 8.37MB read
Requests/sec:  54822.99
Transfer/sec:      8.36MB
`;

const troubled = clean.replace(
  "Requests/sec",
  "  Socket errors: connect 1, read 2, write 0, timeout 3\n  Non-2xx or 3xx responses: 54873\nRequests/sec",
);

describe("wrk's output", () => {
  test("gives rate and percentiles in milliseconds, whatever unit wrk chose", () => {
    expect(parseWrkOutput(clean)).toEqual({
      requests: 54_873,
      perSecond: 54_822.99,
      p50: 0.577,
      p99: 1250,
      errorAnswers: 0,
      socketErrors: 0,
    });
  });

  test("gives the answers with an error status and the sum of all socket errors", () => {
    expect(parseWrkOutput(troubled)).toMatchObject({ errorAnswers: 54_873, socketErrors: 6 });
  });

  test("is refused when a figure is missing", () => {
    expect(() => parseWrkOutput("unable to connect to 127.0.0.1:1")).toThrow(/unexpected/);
    expect(() => parseWrkOutput(clean.replace("99%", "98%"))).toThrow(/unexpected/);
  });
});

describe("a run", () => {
  const run: WrkRun = {
    requests: 10,
    perSecond: 10,
    p50: 1,
    p99: 1,
    errorAnswers: 0,
    socketErrors: 0,
  };

  test("counts when every answer was the expected one", () => {
    expect(faultOf(run, "accepted")).toBeNull();
    expect(faultOf({ ...run, errorAnswers: 10 }, "rejected")).toBeNull();
  });

  test("does not count with a single other answer", () => {
    expect(faultOf({ ...run, errorAnswers: 1 }, "accepted")).toBe("1 of 10 answers were not accepted");
    expect(faultOf({ ...run, errorAnswers: 9 }, "rejected")).toBe("1 of 10 answers were not rejected");
  });

  test("does not count with a broken connection or without any answer", () => {
    expect(faultOf({ ...run, socketErrors: 2 }, "accepted")).toMatch(/^2 connections/);
    expect(faultOf({ ...run, requests: 0 }, "accepted")).toBe("no answer at all");
  });
});
