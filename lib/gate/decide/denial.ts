import type { StyledDenial } from "@/lib/domain/answer-style";
import { type HeaderList, reasonHeader, sharedOriginHeaders } from "../headers";
import type { GateRequest, WholeResponse } from "../messages";

/** Seconds after which a caller may try again when policies cannot be read. */
const retryAfterSeconds = 2;

/** Everything the gate answers itself with an error: the decision's denials, and failures behind it. */
export interface GateError {
  readonly status: StyledDenial["status"] | 405 | 408 | 413 | 426 | 501 | 502 | 504;
  readonly body: { readonly error: string };
  readonly reason:
    | StyledDenial["reason"]
    | "not_found"
    | "invalid_body"
    | "body_too_large"
    | "body_timed_out"
    | "gate_busy"
    | "upstream_unreachable"
    | "upstream_timed_out"
    | "upstream_busy"
    | "upstream_headers_too_large"
    | "body_not_supported"
    | "method_not_supported"
    | "websocket_handshake"
    | "websocket_version";
  /** What `WWW-Authenticate` says. */
  readonly challenge?: string | undefined;
}

/** The upstream refused, broke, or may not be connected to. */
export const upstreamUnreachable: GateError = {
  status: 502,
  body: { error: "Upstream unreachable" },
  reason: "upstream_unreachable",
};

/** The upstream did not connect or answer in time. */
export const upstreamTimedOut: GateError = {
  status: 504,
  body: { error: "Upstream timed out" },
  reason: "upstream_timed_out",
};

/** As many requests are with this upstream as may be, and as many wait. */
export const upstreamBusy: GateError = {
  status: 503,
  body: { error: "Upstream busy" },
  reason: "upstream_busy",
};

/** The head of the upstream's answer is larger than the gate reads. */
export const upstreamHeadersTooLarge: GateError = {
  status: 502,
  body: { error: "Upstream headers too large" },
  reason: "upstream_headers_too_large",
};

/** Something the decision needs is broken: closed, not open. */
export const policyUnavailable: GateError = {
  status: 503,
  body: { error: "Policy unavailable" },
  reason: "policy_unavailable",
};

/** Under a service's host name, nothing is where none of its routes leads. */
export const nothingThere: GateError = { status: 404, body: { error: "Not found" }, reason: "not_found" };

/** The body has to name the instance, and it names none or more than one, or cannot be read in one way. */
export const invalidBody: GateError = {
  status: 400,
  body: { error: "Invalid body" },
  reason: "invalid_body",
};

/** The body has to name the instance, and it is larger than what is read for that. */
export const bodyTooLarge: GateError = {
  status: 413,
  body: { error: "Body too large" },
  reason: "body_too_large",
};

/** The body has to name the instance, and its client is silent, or too slow. */
export const bodyTimedOut: GateError = {
  status: 408,
  body: { error: "Request timed out" },
  reason: "body_timed_out",
};

/** As many large bodies that have to name an instance are in memory as may be. */
export const gateBusy: GateError = { status: 503, body: { error: "Gate busy" }, reason: "gate_busy" };

/** The target could lead elsewhere than where it says. */
export const invalidPath: GateError = {
  status: 400,
  body: { error: "Invalid path" },
  reason: "invalid_path",
};

/** The server in front cannot hand the body on, and the upstream must not get a request without it. */
export const bodyNotSupported: GateError = {
  status: 501,
  body: { error: "Request body not supported with this method" },
  reason: "body_not_supported",
};

/** TRACE would send back what the upstream got, the instance's own headers among it (RFC 9110 §9.3.8). */
export const traceNotSupported: GateError = {
  status: 405,
  body: { error: "Method not supported" },
  reason: "method_not_supported",
};

/** The request to open a WebSocket is not one (RFC 6455 §4.2.1). */
export const badHandshake: GateError = {
  status: 400,
  body: { error: "Invalid WebSocket handshake" },
  reason: "websocket_handshake",
};

/** It asks for a version that nobody speaks; the answer names the one there is (RFC 6455 §4.4). */
export const handshakeVersion: GateError = {
  status: 426,
  body: { error: "WebSocket version 13 is needed" },
  reason: "websocket_version",
};

/** What of an error's answer is the same for every request. */
interface Prepared {
  readonly body: string;
  /** All headers; the id of the request has yet to take its place. */
  readonly headers: HeaderList;
}

const requestIdPlace = 7;

function prepare({ status, reason, body, challenge }: GateError, ownOrigin: boolean): Prepared {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  const headers = ["content-type", "application/json", "content-length", length, "cache-control", "no-store"];
  headers.push("x-request-id", "", reasonHeader, reason);
  if (status === 503) headers.push("retry-after", String(retryAfterSeconds));
  if (challenge !== undefined) headers.push("www-authenticate", challenge);
  if (status === 405) headers.push("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  if (status === 426) {
    headers.push("sec-websocket-version", "13", "upgrade", "websocket", "connection", "upgrade, close");
  }
  if (!ownOrigin) headers.push(...sharedOriginHeaders);
  return { body: text, headers };
}

/** By reason and status; for origins of the instances' own, and for one shared with the dashboard. */
const known = { own: new Map<string, Prepared>(), shared: new Map<string, Prepared>() };

function preparedFor(error: GateError, ownOrigin: boolean): Prepared {
  // The only one whose text is not the same for everyone.
  if (error.reason === "address") return prepare(error, ownOrigin);
  const byReason = ownOrigin ? known.own : known.shared;
  const key = `${error.reason} ${error.status}`;
  let found = byReason.get(key);
  if (!found) {
    found = prepare(error, ownOrigin);
    byReason.set(key, found);
  }
  return found;
}

/** Writes an error as the wire contract has it; a HEAD request gets the same headers and no body. */
export function errorResponse(
  error: GateError,
  request: Pick<GateRequest, "id" | "method">,
  ownOrigin: boolean,
): WholeResponse {
  const { body, headers: prepared } = preparedFor(error, ownOrigin);
  const headers = prepared.slice();
  headers[requestIdPlace] = request.id;
  return { status: error.status, statusText: "", headers, body: request.method === "HEAD" ? null : body };
}
