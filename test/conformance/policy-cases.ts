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

/** Checks 3, 4 and 7: paused instances, client addresses, unreadable policies; and the order of checks. */
export const policyCases: readonly ConformanceCase[] = [
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
