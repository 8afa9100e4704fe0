import type { HeaderLine } from "./case";
import { arrives, type ConformanceCase, type Expectation, passes, rejected } from "./case";
import type { InstanceName } from "./world";

const missing = rejected(403, "null not allowed", "missing");
const refused = (reason: string) => rejected(403, "Client-Token not allowed", reason);

function presents(
  name: string,
  instance: InstanceName,
  headers: readonly HeaderLine[],
  expect: Expectation,
): ConformanceCase {
  return { name, instance, target: "{base}/v1", headers, expect };
}

const token = (value: string): HeaderLine => ["Client-Token", value];
const upstreamNeverSeesIt = arrives({ headers: { "client-token": null } });

/** What tools send when a variable is not set, a template not filled in, or a sample pasted as it is. */
const placeholders = [
  ...[
    "undefined",
    "null",
    "None",
    "NaN",
    "[object Object]",
    "{{ $json.token }}",
    "\u0024{TOKEN}",
    "$TOKEN",
    "%TOKEN%",
  ],
  ...["<token>", "YOUR_ACCOUNT_TOKEN", '"undefined"', '""', "Bearer", "Bearer null", "Client-Token: <token>"],
];

/** Checks 5 and 6: the account security token. */
export const credentialCases: readonly ConformanceCase[] = [
  presents("the current token passes", "closed", [token("{current}")], upstreamNeverSeesIt),
  presents("the header's name has no case", "closed", [["cLIENT-tOKEN", "{current}"]], upstreamNeverSeesIt),
  presents("white space around the token is not part of it", "closed", [token("  {current}\t ")], passes),
  presents("a retiring token passes", "closed", [token("{retiring}")], passes),
  presents("a retiring token passes until its time", "rotating", [token("{retiring soon}")], passes),
  presents("a retiring token ends at its time", "rotated", [token("{retired by time}")], refused("retired")),
  presents("a retired token is named as such", "closed", [token("{retired}")], refused("retired")),
  presents("no header", "closed", [], missing),
  presents("an empty header", "closed", [token("")], missing),
  presents("a header of white space", "closed", [token("  \t ")], missing),
  presents("enforcement without any token", "tokenless", [token("{foreign}")], refused("unknown")),
  presents("another account's live token", "closed", [token("{foreign}")], refused("unknown")),
  presents("the instance token", "closed", [token("{token}")], refused("instance_token")),
  presents("a truncated token", "closed", [token("lkc_123")], refused("malformed")),
  presents("a token and a character", "closed", [token("{current}x")], refused("malformed")),
  presents("a token in quotes", "closed", [token('"{current}"')], refused("malformed")),
  presents("a token with a scheme", "closed", [token("Bearer {current}")], refused("malformed")),
  ...placeholders.map((value) =>
    presents(`${value} in place of a token`, "closed", [token(value)], refused("placeholder")),
  ),
  presents("not enforced: a placeholder passes and stays here", "open", [token("null")], upstreamNeverSeesIt),
  presents("bytes above ASCII", "closed", [token("lkc_\xe9\xff")], refused("malformed")),
  presents("a value of 257 bytes", "closed", [token("a".repeat(257))], refused("malformed")),
  presents("a value of 10,000 bytes", "closed", [token("a".repeat(10_000))], refused("malformed")),
  presents("a value of 20,000 bytes", "closed", [token("a".repeat(20_000))], refused("malformed")),
  presents("two header lines", "closed", [token("{current}"), token("{current}")], refused("duplicate")),
  presents("two lines, one empty", "closed", [token(""), token("{current}")], refused("duplicate")),
  presents("a list in one line", "closed", [token("{current}, {current}")], refused("duplicate")),
  presents("an underscore is another header", "closed", [["Client_Token", "{current}"]], missing),
  presents("Authorization does not count", "closed", [["Authorization", "Bearer {current}"]], missing),
  presents("a cookie does not count", "closed", [["Cookie", "Client-Token={current}"]], missing),
  {
    name: "a token in the query does not count",
    instance: "closed",
    target: "{base}/v1?Client-Token={current}&client_token={current}",
    expect: missing,
  },
  {
    name: "naming the token in Connection does not hide it from the gate",
    instance: "closed",
    target: "{base}/v1",
    headers: [
      ["Connection", "Client-Token"],
      ["Client-Token", "{current}"],
    ],
    expect: upstreamNeverSeesIt,
  },
  presents("not enforced: no header passes", "open", [], passes),
  presents("not enforced: a wrong one passes and stays here", "open", [token("x")], upstreamNeverSeesIt),
  presents("not enforced: two lines pass", "open", [token("a"), token("b")], upstreamNeverSeesIt),
  presents("an account without a token", "bare", [], passes),
  presents("staged: enforced where chosen", "staged on", [], missing),
  presents("staged: passes where chosen", "staged on", [token("{current}")], passes),
  presents("staged: optional elsewhere", "staged off", [], passes),
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(
    (method): ConformanceCase => ({
      name: `${method} without the header is rejected`,
      instance: "closed",
      method,
      target: "{base}/v1",
      expect: method === "HEAD" ? { status: 403, reason: "missing", body: "", forwarded: null } : missing,
    }),
  ),
  {
    name: "an unusual method without the header is rejected",
    instance: "closed",
    method: "PROPFIND",
    target: "{base}/v1",
    expect: missing,
    routeHandler: {
      because: "a route handler can have seven methods; the server around Next.js answers others itself",
      expect: { status: 405, forwarded: null },
    },
  },
  {
    name: "a preflight of CORS is checked like any request",
    instance: "closed",
    method: "OPTIONS",
    target: "{base}/v1",
    headers: [
      ["Origin", "https://app.example"],
      ["Access-Control-Request-Method", "POST"],
      ["Access-Control-Request-Headers", "client-token"],
    ],
    expect: missing,
  },
];
