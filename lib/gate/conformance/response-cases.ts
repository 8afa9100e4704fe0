import type { ConformanceCase, UpstreamAnswer } from "./case";
import type { InstanceName } from "./world";

function answers(
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

function echoes(
  name: string,
  instance: InstanceName,
  rest: Partial<ConformanceCase>,
  json: Record<string, unknown>,
): ConformanceCase {
  return {
    name,
    instance,
    target: "{base}/a%2Fb/?x=%20",
    ...rest,
    expect: { status: 200, json, forwarded: null },
  };
}

const sandbox = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
};

/** What a client gets to see, on the dashboard's origin; and the built-in echo. */
export const responseCases: readonly ConformanceCase[] = [
  answers(
    "status, type and body pass",
    { status: 201, headers: [["Content-Type", "text/x"]], body: "hi" },
    {
      body: "hi",
      headers: { "content-type": "text/x", ...sandbox },
    },
  ),
  answers("an answer without a type gets none", { body: "hi" }, { headers: { "content-type": null } }),
  answers(
    "the length passes",
    { headers: [["Content-Length", "2"]], body: "hi" },
    {
      body: "hi",
      headers: { "content-length": "2", "transfer-encoding": null },
    },
  ),
  answers(
    "a coded body passes as it is",
    { headers: [["Content-Encoding", "br"]], body: "\x0b\x00\xff" },
    {
      body: "\x0b\x00\xff",
      headers: { "content-encoding": "br" },
    },
  ),
  answers(
    "repeated headers keep every value",
    {
      headers: [
        ["Link", "<a>; rel=x"],
        ["Link", "<b>; rel=y"],
      ],
    },
    {
      headers: { link: "<a>; rel=x, <b>; rel=y" },
    },
  ),
  answers(
    "an upstream cannot touch cookies or stored data",
    {
      headers: [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Clear-Site-Data", '"*"'],
      ],
    },
    { headers: { "set-cookie": null, "clear-site-data": null } },
  ),
  answers(
    "an upstream cannot choose its own policy",
    {
      headers: [
        ["Content-Security-Policy", "default-src *"],
        ["Content-Security-Policy-Report-Only", "x"],
        ["X-Content-Type-Options", "x"],
      ],
    },
    { headers: { ...sandbox, "content-security-policy-report-only": null } },
  ),
  answers(
    "an upstream cannot act on the whole origin",
    {
      headers: [
        ["Service-Worker-Allowed", "/"],
        ["Strict-Transport-Security", "max-age=1"],
        ["NEL", "{}"],
        ["Alt-Svc", "h3"],
      ],
    },
    {
      headers: {
        "service-worker-allowed": null,
        "strict-transport-security": null,
        nel: null,
        "alt-svc": null,
      },
    },
  ),
  answers(
    "CORS passes without credentials",
    {
      headers: [
        ["Access-Control-Allow-Origin", "*"],
        ["Access-Control-Allow-Credentials", "true"],
      ],
    },
    { headers: { "access-control-allow-origin": "*", "access-control-allow-credentials": null } },
  ),
  answers(
    "hop-by-hop headers stay here",
    {
      headers: [
        ["Connection", "keep-alive, X-Hop"],
        ["X-Hop", "1"],
        ["Proxy-Authenticate", "Basic"],
        ["Trailer", "X"],
      ],
    },
    { headers: { "x-hop": null, "proxy-authenticate": null, trailer: null } },
  ),
  answers(
    "an upstream cannot speak for the gate",
    {
      headers: [
        ["Latchkey-Reason", "missing"],
        ["X-Latchkey-Peer", "x"],
      ],
    },
    { headers: { "latchkey-reason": null, "x-latchkey-peer": null } },
  ),
  {
    ...answers(
      "an upstream cannot instruct the framework",
      {
        headers: [
          ["X-Middleware-Rewrite", "/"],
          ["X-Middleware-Next", "1"],
          ["X-Kept", "1"],
        ],
      },
      { headers: { "x-middleware-rewrite": "/", "x-kept": "1" } },
    ),
    routeHandler: {
      because: "Next.js takes these headers as instructions, so they are dropped",
      expect: {
        status: 200,
        headers: { "x-middleware-rewrite": null, "x-middleware-next": null, "x-kept": "1" },
      },
    },
  },
  answers(
    "a redirect is an answer",
    { status: 302, headers: [["Location", "http://127.0.0.1:1/x"]] },
    {
      headers: { location: "http://127.0.0.1:1/x" },
    },
  ),
  answers(
    "a permanent redirect keeps its method",
    { status: 308, headers: [["Location", "/y"]] },
    {
      headers: { location: "/y" },
    },
    "POST",
  ),
  answers(
    "401 keeps its challenge",
    { status: 401, headers: [["WWW-Authenticate", 'Bearer realm="x"']], body: "no" },
    {
      body: "no",
      headers: { "www-authenticate": 'Bearer realm="x"' },
    },
  ),
  answers(
    "an upstream's own 403 is not the gate's",
    { status: 403, body: '{"error":"null not allowed"}' },
    {
      headers: { "latchkey-reason": null },
    },
  ),
  answers("an upstream's 500 passes", { status: 500, body: "broken" }, { body: "broken" }),
  answers("a status beyond the standard passes", { status: 799, body: "odd" }, { body: "odd" }),
  answers("204 has no body", { status: 204 }, { body: "", headers: { "transfer-encoding": null } }),
  answers(
    "304 keeps its validators",
    { status: 304, headers: [["ETag", '"x"']] },
    { body: "", headers: { etag: '"x"' } },
  ),
  answers(
    "HEAD keeps the length of what GET would send",
    { headers: [["Content-Length", "2"]] },
    {
      body: "",
      headers: { "content-length": "2" },
    },
    "HEAD",
  ),
  echoes(
    "the echo tells path, query and method",
    "open echo",
    { method: "PUT" },
    {
      instanceId: "{id}",
      method: "PUT",
      path: "/a%2Fb/",
      query: "x=%20",
      bodyBytes: 0,
    },
  ),
  echoes(
    "the echo counts the body",
    "open echo",
    {
      method: "POST",
      headers: [["Content-Length", "5"]],
      body: "\x00\xff12\n",
    },
    { bodyBytes: 5 },
  ),
  echoes(
    "the echo hides the token",
    "closed echo",
    {
      headers: [
        ["Client-Token", "{current}"],
        ["X-Seen", "1"],
      ],
    },
    {
      "headers.client-token": undefined,
      "headers.x-seen": "1",
    },
  ),
  {
    name: "the echo is behind the same lock",
    instance: "closed echo",
    target: "{base}/v1",
    expect: { status: 403, error: "null not allowed", reason: "missing", forwarded: null },
  },
];
