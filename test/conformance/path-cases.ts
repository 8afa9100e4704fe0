import { arrives, type ConformanceCase, type Expectation, rejected } from "./case";

const invalid = rejected(400, "Invalid path", "invalid_path");
const unknown = rejected(404, "Instance not found", "unknown_instance");

function path(name: string, target: string, expect: Expectation): ConformanceCase {
  return { name, instance: "open", target, expect };
}

function arrivesAs(name: string, rest: string, upstreamTarget = rest): ConformanceCase {
  return path(name, `{base}${rest}`, arrives({ target: upstreamTarget }));
}

/** Check 1 and 2: the form of the path, and who it names. */
export const pathCases: readonly ConformanceCase[] = [
  arrivesAs("a plain path is forwarded", "/v1/messages"),
  arrivesAs("no path at all becomes the root", "", "/"),
  arrivesAs("a bare slash stays one", "/"),
  arrivesAs("a trailing slash stays", "/v1/messages/"),
  arrivesAs("double slashes stay", "//v1//messages"),
  arrivesAs("an encoded slash in the rest stays encoded", "/files/a%2fb%2Fc"),
  arrivesAs("escapes keep their case and are not decoded", "/%c3%A9/%41%7e"),
  {
    ...arrivesAs("bytes above ASCII pass unencoded", "/caf\xe9/\xc3\xa9?\xe9"),
    nodeServer: {
      because: "Node.js answers 400 to targets with bytes above ASCII (RFC 3986 allows none)",
      expect: { status: 400, forwarded: null },
    },
  },
  arrivesAs("characters outside RFC 3986 pass unencoded", '/a|b/{c}/"d"/<e>/^`'),
  arrivesAs("names that start or end with dots are no dot segments", "/.well-known/...//a..b/.%2eenv"),
  arrivesAs("path parameters pass", "/users;v=1.2/list;a=b;c"),
  arrivesAs("a query passes byte for byte", "/s?q=a%2Fb&x=%zz&y=..%2f..&&=;{}|"),
  arrivesAs("an empty query keeps its mark", "/s?", "/s?"),
  arrivesAs("a query without a path", "?a=1", "/?a=1"),
  arrivesAs("a second question mark belongs to the query", "/s?a=?b"),
  arrivesAs("a path of 7,000 bytes", `/${"a".repeat(7000)}`),
  path("dot segment", "{base}/a/../b", invalid),
  path("single dot segment", "{base}/./a", invalid),
  path("dot segment at the end", "{base}/..", invalid),
  path("dot segments that climb out of the instance", "{base}/../../../../login", invalid),
  path("dot segment before the token", "/instances/{id}/token/x/../{token}/a", invalid),
  path("dot segment before instances", "/a/../instances/{id}/token/{token}/a", invalid),
  path("encoded dot segment", "{base}/%2e%2e/a", invalid),
  path("half-encoded dot segment", "{base}/.%2e/a", invalid),
  path("half-encoded dot segment in capitals", "{base}/%2E./a", invalid),
  path("encoded single dot", "{base}/%2e/a", invalid),
  path("dot segment with an encoded slash", "{base}/..%2fa", invalid),
  path("dot segment with an encoded backslash", "{base}/a%5c..%5cb", invalid),
  path("wholly encoded dot segment trick", "{base}/a%2f%2e%2e%2fb", invalid),
  path("dot segment with a path parameter", "{base}/..;x=1/a", invalid),
  path("backslash", "{base}/a\\b", invalid),
  path("encoded NUL", "{base}/a%00b", invalid),
  path("malformed escape", "{base}/a%zz", invalid),
  path("cut-off escape", "{base}/a%4", invalid),
  path("a path over 8,192 bytes", `{base}/${"a".repeat(8200)}`, invalid),
  path("encoded slash in the id", "/instances/{id}%2fx/token/{token}/a", invalid),
  path("encoded slash between id and token", "/instances/{id}%2Ftoken%2f{token}/a", invalid),
  path("encoded backslash in the token", "/instances/{id}/token/{token}%5c/a", invalid),
  path("no token", "/instances/{id}/token/", invalid),
  path("empty id", "/instances//token/{token}/a", invalid),
  path("unknown id", "/instances/{id}x/token/{token}/a", unknown),
  path("wrong token", "/instances/{id}/token/{token}x/a", unknown),
  path("another account's token", "/instances/{id}/token/{other token}/a", unknown),
  path("another account's id", "/instances/{other id}/token/{token}/a", unknown),
  path("an encoded character in the id is another id", "/instances/%41{id}/token/{token}/a", unknown),
  path("a different case of the id is another id", "/instances/{ID}/token/{token}/a", unknown),
  {
    name: "a raw NUL in the path",
    instance: "open",
    target: "{base}/a\0b",
    expect: { status: 400, forwarded: null },
  },
  {
    name: "absolute-form target that names another server",
    instance: "open",
    target: "http://elsewhere.example{base}/a",
    expect: invalid,
    nodeServer: {
      because: "a server reads whom the target names before its path",
      expect: { status: 421, error: "Misdirected request", forwarded: null },
    },
  },
];
