import {
  type GateError,
  upstreamBusy,
  upstreamHeadersTooLarge,
  upstreamTimedOut,
  upstreamUnreachable,
} from "./denial";

const timeouts: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

/** The code of a failure, for the log; messages may hold addresses and URLs and are never logged. */
export function failureCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "UNKNOWN";
}

/** What the client is told about an upstream that did not answer. */
export function upstreamError(error: unknown): GateError {
  const code = failureCode(error);
  if (code === "UPSTREAM_BUSY") return upstreamBusy;
  if (code === "UND_ERR_HEADERS_OVERFLOW") return upstreamHeadersTooLarge;
  return timeouts.has(code) ? upstreamTimedOut : upstreamUnreachable;
}
