import { expect, test } from "vitest";
import { type ForeignCheck, foreignCheck } from "./foreign-write";

const host = "latchkey.example:3000";
const own = `http://${host}`;

const foreign = (headers: Record<string, string>, method = "POST") =>
  foreignCheck({ method, headers: new Headers({ host, ...headers }) });

test.each<[what: string, by: ForeignCheck, headers: Record<string, string>]>([
  ["another site", "origin", { origin: "https://evil.example" }],
  ["another port of this host", "origin", { origin: "http://latchkey.example:3001" }],
  ["a subdomain", "origin", { origin: `http://x.${host}` }],
  ["a name that begins like this one", "origin", { origin: "http://latchkey.example:3000.evil.example" }],
  ["a sandboxed page", "origin", { origin: "null" }],
  ["a sandboxed page, by its site", "sec-fetch-site", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["another site that claims our origin", "sec-fetch-site", { origin: own, "sec-fetch-site": "cross-site" }],
  ["a sibling that claims our origin", "sec-fetch-site", { origin: own, "sec-fetch-site": "same-site" }],
  ["another site without an origin", "sec-fetch-site", { "sec-fetch-site": "cross-site" }],
  ["nonsense", "origin", { origin: "evil" }],
  ["another host than the proxy says", "origin", { origin: own, "x-forwarded-host": "public.example" }],
])("a write from %s is foreign by its %s, whatever the method", (_what, by, headers) => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect(foreign(headers, method)).toBe(by);
  expect(foreign(headers, "GET")).toBeNull();
});

test.each<[what: string, headers: Record<string, string>]>([
  ["our own page", { origin: own, "sec-fetch-site": "same-origin" }],
  ["our own page over plain http on a LAN", { origin: own }],
  ["our own form under no-referrer", { origin: "null", "sec-fetch-site": "same-origin" }],
  ["our own page behind a proxy", { origin: "https://public.example", "x-forwarded-host": "public.example" }],
  ["what is no browser", {}],
  ["the person at the address bar", { "sec-fetch-site": "none" }],
])("a write from %s is not", (_what, headers) => {
  expect(foreign(headers)).toBeNull();
});
