import fc from "fast-check";
import type { Observation } from "../observation";

/** An observation for tests: an accepted request without a token. */
export function testObservation(more: Partial<Observation> = {}): Observation {
  return {
    accountId: "00000000-0000-4000-8000-000000000001",
    instanceId: "AAAAAAAAAAAAAAAAAAAA",
    clientAddress: "203.0.113.9",
    userAgent: "curl/8.5.0",
    method: "POST",
    rest: "/messages/12345",
    outcome: "accepted",
    token: "missing",
    requests: 1,
    at: Date.UTC(2026, 10, 24, 12, 30),
    ...more,
  };
}

/** Limits that a test reaches soon. */
export const fewLimits = { callersPerInstance: 4, callersPerAccount: 6, counters: 12, otherCounters: 40 };

/** Observations of a few callers of two accounts, within four hours. */
export const arbitraryObservation: fc.Arbitrary<Observation> = fc
  .record({
    accountId: fc.constantFrom("one", "two"),
    instance: fc.integer({ min: 0, max: 3 }),
    clientAddress: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", null),
    userAgent: fc.constantFrom("curl/8", "curl/9", "n8n", null, "x".repeat(3000)),
    outcome: fc.constantFrom("accepted", "missing", "unknown", "instance_paused"),
    at: fc.integer({ min: 3_600_000, max: 4 * 3_600_000 }),
  } as const)
  .map(({ instance, ...more }) =>
    testObservation({ ...more, instanceId: `${more.accountId}${instance}`, token: "missing" }),
  );
