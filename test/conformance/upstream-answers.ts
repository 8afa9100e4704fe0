import type { ConformanceCase, UpstreamAnswer } from "./case";

/** A case in which the upstream answers like this and the client gets that. */
export function answers(
  name: string,
  answer: UpstreamAnswer,
  expected: { status?: number; body?: string; headers?: Record<string, string | null> },
  method = "GET",
): ConformanceCase {
  const status = expected.status ?? answer.status ?? 200;
  return {
    name,
    instance: "open",
    method,
    target: "{base}/v1",
    answer,
    expect: { ...expected, status, forwarded: { method } },
  };
}

/** What every answer carries on the dashboard's origin. */
export const sandbox = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
};
