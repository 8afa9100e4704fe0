import type { ConformanceCase, HeaderLine, UpstreamAnswer } from "./case";

/** A case in which the upstream answers like this and the client gets that. */
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

/** What every answer carries on the dashboard's origin. */
const sandbox = {
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
};

/** Which headers of an upstream a client gets, on the dashboard's origin. */
export const responseHeaderCases: readonly ConformanceCase[] = [
  answers(
    "status, type and body pass",
    { status: 201, headers: [["Content-Type", "text/x"]], body: "hi" },
    {
      body: "hi",
      headers: { "content-type": "text/x", ...sandbox },
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
    "header bytes above ASCII pass",
    { headers: [["X-Name", "caf\xe9"]] },
    { headers: { "x-name": "caf\xe9" } },
  ),
  {
    ...answers(
      "Vary passes",
      { headers: [["Vary", "Origin"]] },
      { headers: { vary: "Origin, Client-Token" } },
    ),
    routeHandler: {
      because: "Next.js names its own headers in every answer's Vary first",
      expect: {
        status: 200,
        headers: {
          vary: "rsc, next-router-state-tree, next-router-prefetch, next-router-segment-prefetch, Origin, Client-Token",
        },
      },
    },
  },
];

/** Statuses and bodies of an upstream as a client gets them. */
export const responseStatusCases: readonly ConformanceCase[] = [
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
    "a redirect is an answer",
    { status: 302, headers: [["Location", "http://other.test:1/x"]] },
    {
      headers: { location: "http://other.test:1/x" },
    },
  ),
  answers(
    "a permanent redirect keeps its method",
    { status: 308, headers: [["Location", "y"]] },
    {
      headers: { location: "y" },
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
    "several challenges pass",
    {
      status: 401,
      headers: [
        ["WWW-Authenticate", "Basic"],
        ["WWW-Authenticate", "Bearer"],
      ],
    },
    { headers: { "www-authenticate": "Basic, Bearer" } },
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
    "205 has no body, whatever its length says",
    { status: 205, headers: [["Content-Length", "2"]], body: "ok" },
    { body: "", headers: { "transfer-encoding": null } },
  ),
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
];

function caches(name: string, headers: readonly HeaderLine[], told: string, status = 200): ConformanceCase {
  const shared = [
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "surrogate-control",
    "x-accel-expires",
  ];
  const none = Object.fromEntries(shared.map((field) => [field, null]));
  return answers(name, { status, headers }, { headers: { "cache-control": told, ...none } });
}

/** No cache that several callers share keeps an answer: it would outlive the decision. */
export const responseCachingCases: readonly ConformanceCase[] = [
  caches("an answer without a rule is for its caller's cache", [], "private"),
  caches("so is one with a date only", [["Expires", "Fri, 01 Jan 2100 00:00:00 GMT"]], "private"),
  caches(
    "so is a public one",
    [["Cache-Control", "public, max-age=60, s-maxage=600, stale-while-revalidate=5"]],
    "private, max-age=60, stale-while-revalidate=5",
  ),
  caches(
    "so is one that is checked again",
    [["Cache-Control", 'must-revalidate, PUBLIC, no-cache="a, b"']],
    'private, must-revalidate, no-cache="a, b"',
  ),
  caches(
    "so is one of which a part was private",
    [["Cache-Control", 'private="x-a, x-b", max-age=1']],
    "private, max-age=1",
  ),
  caches(
    "so is one whose rules stand on several lines",
    [
      ["Cache-Control", "max-age=1"],
      ["Cache-Control", "public"],
    ],
    "private, max-age=1",
  ),
  caches("what nobody may keep stays so", [["Cache-Control", "no-store, public"]], "no-store"),
  caches(
    "unless a cache could set that aside",
    [["Cache-Control", "must-understand, no-store"]],
    "private, must-understand, no-store",
  ),
  caches(
    "rules that cannot be read keep everybody from it",
    [["Cache-Control", 'max-age=1; public "']],
    "private, no-store",
  ),
  caches(
    "an answer not modified is for its caller's cache",
    [["Cache-Control", "public, max-age=9"]],
    "private, max-age=9",
    304,
  ),
  caches("an error is for its caller's cache", [["Cache-Control", "public"]], "private", 404),
  caches(
    "rules for shared caches alone stay here",
    [
      ["CDN-Cache-Control", "max-age=9"],
      ["Cloudflare-CDN-Cache-Control", "max-age=9"],
      ["Surrogate-Control", "max-age=9"],
      ["X-Accel-Expires", "9"],
    ],
    "private",
  ),
];
