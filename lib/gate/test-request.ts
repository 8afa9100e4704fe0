import type { GateRequest } from "./messages";

/** A request for tests, as a door would hand it over. */
export function testRequest(more: Partial<GateRequest> = {}): GateRequest {
  return {
    id: "00000000-0000-4000-8000-000000000000",
    method: "GET",
    target: "/",
    headers: [],
    body: null,
    bodyOutOfReach: false,
    signal: new AbortController().signal,
    clientAddress: "203.0.113.9",
    host: "dashboard.example",
    protocol: "https",
    ...more,
  };
}
