import type { HeaderLine } from "./case";
import { arrives, type ConformanceCase, type ForwardedExpectation, rejected } from "./case";
import type { InstanceName } from "./world";

function sends(
  name: string,
  headers: readonly HeaderLine[],
  expected: NonNullable<ForwardedExpectation["headers"]>,
  instance: InstanceName = "open",
): ConformanceCase {
  return { name, instance, target: "{base}/v1", headers, expect: arrives({ headers: expected }) };
}

/** Which headers an upstream gets to see. */
export const requestHeaderCases: readonly ConformanceCase[] = [
  sends(
    "end-to-end headers pass",
    [
      ["Accept", "text/*"],
      ["Authorization", "Bearer x"],
      ["X-Custom", "a b"],
    ],
    {
      accept: "text/*",
      authorization: "Bearer x",
      "x-custom": "a b",
    },
  ),
  sends("header bytes above ASCII pass", [["X-Name", "caf\xe9"]], { "x-name": "caf\xe9" }),
  sends(
    "repeated headers keep every value",
    [
      ["X-List", "a"],
      ["X-List", "b"],
    ],
    { "x-list": "a, b" },
  ),
  sends(
    "hop-by-hop headers stay here",
    [
      ["Keep-Alive", "timeout=5"],
      ["Proxy-Authorization", "Basic x"],
      ["Proxy-Connection", "close"],
      ["TE", "trailers"],
    ],
    { "keep-alive": null, "proxy-authorization": null, "proxy-connection": null, te: null, trailer: null },
  ),
  sends(
    "headers that Connection names stay here",
    [
      ["Connection", "close, X-Secret"],
      ["X-Secret", "a"],
    ],
    {
      "x-secret": null,
    },
  ),
  sends(
    "Upgrade is not passed on",
    [
      ["Connection", "Upgrade"],
      ["Upgrade", "h2c"],
    ],
    { upgrade: null },
  ),
  sends("cookies of a shared origin stay here", [["Cookie", "latchkey.session=x"]], { cookie: null }),
  sends(
    "our own headers stay here",
    [
      ["X-Latchkey-Peer", "x"],
      ["X-Latchkey-Anything", "x"],
    ],
    {
      "x-latchkey-peer": null,
      "x-latchkey-raw-url": null,
      "x-latchkey-anything": null,
    },
  ),
  sends(
    "what a client claims about itself stays here",
    [
      ["Forwarded", "for=1.1.1.1"],
      ["X-Real-IP", "1.1.1.1"],
      ["X-Forwarded-Prefix", "/x"],
      ["X-Request-Id", "mine"],
    ],
    { "x-real-ip": null, "x-forwarded-prefix": null, "x-forwarded-for": "127.0.0.1" },
  ),
  sends(
    "the upstream learns who called and how",
    [
      ["Host", "api.example:8080"],
      ["X-Forwarded-For", "2001:db8::7"],
    ],
    {
      forwarded: 'for="[2001:db8::7]";host="api.example:8080";proto=http',
      "x-forwarded-for": "2001:db8::7",
      "x-forwarded-host": "api.example:8080",
      "x-forwarded-proto": "http",
      via: "1.1 latchkey",
    },
  ),
  sends(
    "host and protocol are those that the outermost trusted proxy wrote, in whatever lines",
    [
      ["X-Forwarded-For", "192.0.2.66, 2001:db8::7"],
      ["X-Forwarded-For", "127.0.0.9"],
      ["X-Forwarded-Host", "evil.example"],
      ["X-Forwarded-Host", "api.example, inner.example"],
      ["X-Forwarded-Proto", "http, https, http"],
    ],
    {
      forwarded: 'for="[2001:db8::7]";host=api.example;proto=https',
      "x-forwarded-for": "2001:db8::7",
      "x-forwarded-host": "api.example",
      "x-forwarded-proto": "https",
    },
  ),
  sends(
    "what a client writes left of its proxy counts for nothing",
    [
      ["X-Forwarded-For", "192.0.2.66, 203.0.113.9"],
      ["X-Forwarded-Host", "evil.example, api.example"],
      ["X-Forwarded-Proto", "https, http"],
    ],
    { forwarded: "for=203.0.113.9;host=api.example;proto=http" },
  ),
  sends("a host unfit for a header is not repeated", [["Host", 'x";for=1.1.1.1']], {
    forwarded: "for=127.0.0.1;proto=http",
    "x-forwarded-host": null,
  }),
  sends(
    "names that a server could take for ours stay here",
    [
      ["X_Forwarded_For", "192.0.2.66"],
      ["X-Forwarded_Host", "evil.example"],
      ["X.Forwarded~Proto", "https"],
      ["X_Real_IP", "192.0.2.66"],
      ["X_Request-Id", "mine"],
      ["Client_Token", "{current}"],
      ["Content_Length", "5"],
      ["Transfer_Encoding", "chunked"],
      ["X_Latchkey_Peer", "x"],
      ["Some_Name", "theirs"],
    ],
    {
      x_forwarded_for: null,
      "x-forwarded_host": null,
      "x.forwarded~proto": null,
      x_real_ip: null,
      "x_request-id": null,
      client_token: null,
      content_length: null,
      transfer_encoding: null,
      x_latchkey_peer: null,
      some_name: "theirs",
    },
  ),
  sends("Via grows", [["Via", "1.0 fred"]], { via: "1.0 fred, 1.1 latchkey" }),
  sends(
    "own headers replace the client's",
    [["ApiKey", "guess"]],
    { apikey: "own-key", "x-tenant": "own-tenant" },
    "own headers",
  ),
  sends(
    "own headers replace what a server could take for them",
    [["X_Tenant", "guess"]],
    { x_tenant: null, "x-tenant": "own-tenant" },
    "own headers",
  ),
  {
    name: "the upstream gets its own token, never the caller's",
    instance: "closed with own headers",
    target: "{base}/v1",
    headers: [["Client-Token", "{current}"]],
    expect: arrives({ headers: { "client-token": "upstream-token" } }),
  },
  {
    name: "the upstream's token lets no caller in",
    instance: "closed with own headers",
    target: "{base}/v1",
    headers: [["Client-Token", "upstream-token"]],
    expect: rejected(403, "Client-Token not allowed", "malformed"),
  },
  {
    ...sends("headers that frameworks use among themselves pass", [["RSC", "1"]], { rsc: "1" }),
    routeHandler: {
      because: "Next.js redirects requests with this header, so it is taken out before",
      expect: arrives({ headers: { rsc: null } }),
    },
  },
  {
    ...sends("so do those that Next.js takes out", [["Next-Url", "/x"]], { "next-url": "/x" }),
    routeHandler: {
      because: "Next.js takes x-nextjs-data, next-url, x-middleware-* and a few more out of requests",
      expect: arrives({ headers: { "next-url": null } }),
    },
  },
];
