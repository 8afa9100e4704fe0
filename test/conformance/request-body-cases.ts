import type { HeaderLine } from "./case";
import { arrives, type ConformanceCase, rejected } from "./case";

function carries(method: string, body: string, headers: readonly HeaderLine[]): ConformanceCase {
  const chunked = headers.some(([name]) => name === "Transfer-Encoding");
  return {
    name: `${method} with a body${chunked ? " in chunks" : ""}`,
    instance: "open",
    method,
    target: "{base}/v1",
    headers,
    body: chunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body,
    expect: arrives({ method, body }),
  };
}

const text = "a body \x00\xff\r\n";
const counted: HeaderLine = ["Content-Length", String(text.length)];
const inChunks: HeaderLine = ["Transfer-Encoding", "chunked"];

/** Targets and bodies as an upstream gets them, and upstreams that cannot be asked. */
export const requestBodyCases: readonly ConformanceCase[] = [
  {
    name: "the base path comes first",
    instance: "base path",
    target: "{base}/v1?a=1",
    expect: arrives({ target: "/base/path/v1?a=1" }),
  },
  {
    name: "the base path alone",
    instance: "base path",
    target: "{base}",
    expect: arrives({ target: "/base/path" }),
  },
  carries("POST", text, [counted]),
  carries("POST", text, [inChunks]),
  carries("PUT", text, [counted]),
  carries("PATCH", text, [inChunks]),
  carries("DELETE", text, [counted]),
  carries("OPTIONS", text, [counted]),
  {
    ...carries("GET", text, [counted]),
    routeHandler: {
      because: "Next.js gives handlers no body with GET; forwarding without it would change the request",
      expect: rejected(501, "Request body not supported with this method", "body_not_supported"),
    },
  },
  {
    name: "POST with an empty body",
    instance: "open",
    method: "POST",
    target: "{base}/v1",
    headers: [["Content-Length", "0"]],
    expect: arrives({
      method: "POST",
      body: "",
      headers: { "content-length": "0", "transfer-encoding": null },
    }),
  },
  {
    name: "Expect is answered here",
    instance: "open",
    method: "POST",
    target: "{base}/v1",
    headers: [
      ["Expect", "100-continue"],
      ["Content-Length", "2"],
    ],
    body: "ok",
    expect: arrives({ body: "ok", headers: { expect: null } }),
  },
  {
    name: "TRACE would send an instance's own headers back",
    instance: "own headers",
    method: "TRACE",
    target: "{base}/v1",
    expect: rejected(405, "Method not supported", "method_not_supported"),
    routeHandler: {
      because: "a route handler cannot have this method, so it is refused before the decision",
      expect: { status: 405, error: "Method not supported", forwarded: null },
    },
  },
  {
    name: "a chain that only leads back here ends",
    instance: "open",
    target: "{base}/v1",
    headers: [["Via", Array(9).fill("1.1 latchkey").join(", ")]],
    expect: rejected(502, "Upstream unreachable", "upstream_unreachable"),
  },
  {
    name: "an instance has a time of its own for the upstream's first byte; by then the request may have been carried out",
    instance: "impatient",
    method: "POST",
    target: "{base}/send-text",
    headers: [["Content-Length", "4"]],
    body: "once",
    answer: { silent: true },
    expect: {
      status: 504,
      error: "Upstream timed out",
      reason: "upstream_timed_out",
      forwarded: { method: "POST", body: "once" },
    },
  },
  {
    name: "an upstream that is not there",
    instance: "nobody behind",
    target: "{base}/v1",
    expect: rejected(502, "Upstream unreachable", "upstream_unreachable"),
  },
];
