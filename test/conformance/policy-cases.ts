import type { HeaderLine } from "./case";
import { arrives, type ConformanceCase, type Expectation, passes, rejected } from "./case";
import type { InstanceName } from "./world";

/** The peer in all tests is a trusted proxy on loopback, so the rightmost untrusted entry is the client. */
function from(
  name: string,
  instance: InstanceName,
  forwardedFor: string,
  expect: Expectation,
  more: readonly HeaderLine[] = [["Client-Token", "{current}"]],
): ConformanceCase {
  return {
    name,
    instance,
    target: "{base}/v1",
    headers: [["X-Forwarded-For", forwardedFor], ...more],
    expect,
  };
}

const blocked = (address: string) => rejected(403, `${address} not allowed`, "address");

const missing = rejected(403, "null not allowed", "missing");

/** A request from an address and a program, at an instance whose known callers only get in without the token. */
function calls(
  name: string,
  instance: InstanceName,
  [address, agent]: readonly [address: string, agent: string],
  expect: Expectation,
  token?: string,
): ConformanceCase {
  const more: HeaderLine[] = [["User-Agent", agent]];
  if (token !== undefined) more.push(["Client-Token", token]);
  return from(name, instance, address, expect, more);
}

const n8n = ["203.0.113.9", "n8n/1.2"] as const;
const curl = ["203.0.113.9", "curl/8.5.0"] as const;
const refused = (reason: string) => rejected(403, "Client-Token not allowed", reason);

/** Checks 5 and 6 while known callers only get in without the token. */
const graceCases: readonly ConformanceCase[] = [
  calls("a known caller passes without the token", "known only", n8n, passes),
  calls("a known caller passes with an empty one", "known only", n8n, passes, ""),
  calls(
    "a known caller passes with a wrong one, which stays here",
    "known only",
    n8n,
    {
      ...arrives({ headers: { "client-token": null } }),
    },
    "undefined",
  ),
  calls("a known caller passes with the token", "known only", n8n, passes, "{current}"),
  calls(
    "another version of its program is the same caller",
    "known only",
    ["203.0.113.9", "n8n/99 (x)"],
    passes,
  ),
  calls("a known caller over IPv6", "known only", ["2001:0DB8:0::1", "python-requests/2.32"], passes),
  calls("another program behind a known address is a stranger", "known only", curl, missing),
  calls(
    "a known program at another address is a stranger",
    "known only",
    ["203.0.113.10", "n8n/1.2"],
    missing,
  ),
  calls("a stranger with a wrong token", "known only", curl, refused("malformed"), "lkc_x"),
  calls("a stranger with a retired token", "known only", curl, refused("retired"), "{retired}"),
  calls("a stranger with the token passes", "known only", curl, passes, "{current}"),
  calls("a stranger with the retiring token passes", "known only", curl, passes, "{retiring}"),
  calls("nobody without an address is known", "known only", ["unknown", "n8n/1.2"], missing),
  from("a known caller that names no program", "known only", "203.0.113.9", passes, []),
  calls("the echo is behind the same lock", "known only, echo", curl, missing),
  calls("known callers reach the echo", "known only, echo", n8n, { status: 200 }),
  calls("where the token is enforced known callers need it too", "known only, enforced", n8n, missing),
  calls("paused comes before being known", "known only, paused", n8n, {
    ...rejected(403, "Instance paused", "instance_paused"),
  }),
  calls("where nobody is known everybody needs the token", "nobody known", n8n, missing),
  calls("from the end of the time on known callers need it", "known until a minute ago", n8n, missing),
  calls(
    "what was not a token then is refused as ever",
    "known until a minute ago",
    n8n,
    refused("placeholder"),
    "null",
  ),
];

const noEndpoint = rejected(403, "Endpoint not allowed", "endpoint");

/** A request for an endpoint of an instance with endpoint rules, as it is on the wire. */
function asks(
  instance: InstanceName,
  method: string,
  path: string,
  expect: Expectation,
  headers: readonly HeaderLine[] = [["Client-Token", "{current}"]],
): ConformanceCase {
  const more = headers.map(([name]) => name).join(", ");
  const name = `${instance}: ${method} ${path}${more === "Client-Token" ? "" : ` with ${more || "no header"}`}`;
  return { name, instance, method, target: `{base}${path}`, headers, expect };
}

const override: readonly HeaderLine[] = [
  ["Client-Token", "{current}"],
  ["X-HTTP-Method-Override", "DELETE"],
];

/** Check 7: endpoint rules, where they are enforced. */
const endpointCases: readonly ConformanceCase[] = [
  asks("no deleting", "GET", "/instance/delete/bakery", passes),
  asks("no deleting", "DELETE", "/instance/logout/bakery", passes),
  asks("no deleting", "DELETE", "/instance/delete/bakery", noEndpoint),
  asks("no deleting", "DELETE", "/instance/delete/bakery/", noEndpoint),
  asks("no deleting", "DELETE", "/Instance/DELETE/bakery", noEndpoint),
  asks("no deleting", "DELETE", "/instance//delete/bakery", noEndpoint),
  asks("no deleting", "DELETE", "/instance/%64elete/bakery", noEndpoint),
  asks("no deleting", "DELETE", "/instance%2Fdelete/bakery", noEndpoint),
  asks("no deleting", "DELETE", "/instance;x/delete/bakery", noEndpoint),
  asks(
    "no deleting",
    "DELETE",
    "/instance/x/../delete/bakery",
    rejected(400, "Invalid path", "invalid_path"),
  ),
  asks("no deleting", "GET", "/admin", noEndpoint),
  asks("no deleting", "HEAD", "/admin/users", { status: 403, reason: "endpoint" }),
  asks("no deleting", "OPTIONS", "/admin/users?x=/send-text", noEndpoint),
  asks("no deleting", "POST", "/instance/delete/bakery", noEndpoint, override),
  asks("no deleting", "POST", "/instance/logout/bakery?_method=DELETE", noEndpoint),
  asks("no deleting", "DELETE", "/instance/delete/bakery", missing, []),
  asks("no deleting", "DELETE", "/instance/delete/bakery", refused("malformed"), [["Client-Token", "lkc_x"]]),
  asks("no deleting, echo", "GET", "/send-text", { status: 200 }, []),
  asks("no deleting, echo", "DELETE", "/instance/delete/bakery", noEndpoint, []),
  from("the address comes before the endpoint", "no deleting, listed", "198.51.100.1", {
    ...blocked("198.51.100.1"),
  }),
  asks("sending only", "POST", "/send-text", passes),
  asks("sending only", "GET", "/messages/5511", passes),
  asks("sending only", "HEAD", "/messages/5511", { status: 200 }),
  asks("sending only", "GET", "/send-text", noEndpoint),
  asks("sending only", "OPTIONS", "/send-text", noEndpoint),
  asks("sending only", "POST", "/send-text/", noEndpoint),
  asks("sending only", "POST", "/Send-Text", noEndpoint),
  asks("sending only", "POST", "//send-text", noEndpoint),
  asks("sending only", "POST", "/send%2dtext", noEndpoint),
  asks("sending only", "POST", "/send-text;x=1", noEndpoint),
  asks("sending only", "POST", "", noEndpoint),
  asks("sending only, watched", "DELETE", "/instance/delete/bakery", passes),
  asks("rules that nobody understands", "GET", "/send-text", noEndpoint),
];

/** Checks 3, 4 and 8: paused instances, client addresses, unreadable policies; and the order of checks. */
export const policyCases: readonly ConformanceCase[] = [
  ...graceCases,
  ...endpointCases,
  {
    name: "a paused instance",
    instance: "paused",
    target: "{base}/v1",
    headers: [["Client-Token", "{current}"]],
    expect: rejected(403, "Instance paused", "instance_paused"),
  },
  {
    name: "paused comes before the token",
    instance: "paused",
    target: "{base}/v1",
    expect: rejected(403, "Instance paused", "instance_paused"),
  },
  {
    name: "a wrong instance token hides that the instance is paused",
    instance: "paused",
    target: "/instances/{id}/token/{other token}/v1",
    expect: rejected(404, "Instance not found", "unknown_instance"),
  },
  from("paused comes before the address", "paused and listed", "198.51.100.1", {
    ...rejected(403, "Instance paused", "instance_paused"),
  }),
  from("a listed address", "listed", "203.0.113.9", passes),
  from("a listed IPv6 address", "listed", "2001:db8::1", passes),
  from("a listed address in IPv4-mapped form", "listed", "::ffff:203.0.113.9", passes),
  from("an address that is not listed", "listed", "198.51.100.1", blocked("198.51.100.1")),
  from("an IPv6 address is named in its short form", "listed", "2001:0DB9:0::1", blocked("2001:db9::1")),
  from("an IPv6 address behind a trusted proxy", "listed", "2001:db8::7, 127.0.0.7", passes),
  from("a zone is not part of an address", "listed", "2001:db8::1%eth0", passes),
  from("an IPv4-mapped address that is not listed is named as IPv4", "listed", "::ffff:198.51.100.1", {
    ...blocked("198.51.100.1"),
  }),
  from("an entry in IPv4-mapped form covers the IPv4 address", "mapped list", "203.0.113.9", passes),
  from("an entry in IPv4-mapped form covers nothing else", "mapped list", "203.0.113.10", {
    ...blocked("203.0.113.10"),
  }),
  from("the address comes before the token", "listed", "198.51.100.1", blocked("198.51.100.1"), []),
  from(
    "a listed address still needs the token",
    "listed",
    "203.0.113.9",
    {
      ...rejected(403, "Client-Token not allowed", "malformed"),
    },
    [["Client-Token", "x"]],
  ),
  from("only the rightmost untrusted entry counts", "listed", "203.0.113.9, 198.51.100.1", {
    ...blocked("198.51.100.1"),
  }),
  from("trusted proxies are walked through", "listed", "203.0.113.9, 127.0.0.7", passes),
  from("a port is not part of an address", "listed", "203.0.113.9:4711", passes),
  from("an entry that is no address means an unknown one", "listed", "unknown", {
    ...blocked("unknown address"),
  }),
  {
    name: "two X-Forwarded-For lines are one list",
    instance: "listed",
    target: "{base}/v1",
    headers: [
      ["X-Forwarded-For", "203.0.113.9"],
      ["X-Forwarded-For", "198.51.100.1"],
      ["Client-Token", "{current}"],
    ],
    expect: blocked("198.51.100.1"),
  },
  {
    name: "without X-Forwarded-For the peer is the client",
    instance: "listed",
    target: "{base}/v1",
    expect: blocked("127.0.0.1"),
  },
  {
    name: "a client cannot vouch for a peer itself",
    instance: "listed",
    target: "{base}/v1",
    headers: [
      ["X-Latchkey-Peer", `${"0".repeat(64)} 203.0.113.9`],
      ["Client-Token", "{current}"],
    ],
    expect: blocked("127.0.0.1"),
  },
  {
    name: "a client cannot state another target itself",
    instance: "closed",
    target: "{base}/v1",
    headers: [["X-Latchkey-Raw-Url", `${"0".repeat(64)} /instances/x/token/y/`]],
    expect: rejected(403, "null not allowed", "missing"),
  },
  from("a list that is only watched rejects nobody", "watched", "198.51.100.1", passes),
  from("a watched list rejects no IPv6 address either", "watched", "2001:db9::1", passes),
  from("a watched list rejects no unknown address", "watched", "unknown", passes),
  from("a list that is off rejects nobody", "list off", "198.51.100.1", passes),
  from("an enforced empty list rejects everybody", "nobody listed", "203.0.113.9", blocked("203.0.113.9")),
  {
    name: "a policy that cannot be read",
    instance: "broken",
    target: "{base}/v1",
    headers: [["Client-Token", "{current}"]],
    expect: {
      ...rejected(503, "Policy unavailable", "policy_unavailable"),
      headers: { "retry-after": "2" },
    },
  },
  {
    name: "own headers that cannot be opened",
    instance: "unopenable",
    target: "{base}/v1",
    expect: rejected(503, "Policy unavailable", "policy_unavailable"),
  },
  {
    name: "a bad path comes before everything",
    instance: "paused",
    target: "{base}/../v1",
    expect: rejected(400, "Invalid path", "invalid_path"),
  },
  {
    name: "the verified client is named to the upstream",
    instance: "open",
    target: "{base}/v1",
    headers: [["X-Forwarded-For", "6.6.6.6, 203.0.113.9"]],
    expect: arrives({ headers: { "x-forwarded-for": "203.0.113.9" } }),
  },
];
