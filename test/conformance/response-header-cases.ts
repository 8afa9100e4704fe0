import type { ConformanceCase } from "./case";
import { answers, sandbox } from "./upstream-answers";

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
