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
    at: Date.UTC(2026, 10, 24, 12, 30),
    ...more,
  };
}
