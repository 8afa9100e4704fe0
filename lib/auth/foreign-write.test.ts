import { expect, test } from "vitest";
import { isForeignWrite } from "./foreign-write";

const host = "latchkey.example:3000";
const own = `http://${host}`;

const foreign = (headers: Record<string, string>, method = "POST") =>
  isForeignWrite({ method, headers: new Headers({ host, ...headers }) });

test.each<[what: string, headers: Record<string, string>]>([
  ["another site", { origin: "https://evil.example" }],
  ["another port of this host", { origin: "http://latchkey.example:3001" }],
  ["a subdomain", { origin: `http://x.${host}` }],
  ["a name that begins like this one", { origin: "http://latchkey.example:3000.evil.example" }],
  ["a sandboxed page", { origin: "null" }],
  ["a sandboxed page, by its site", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["another site that claims our origin", { origin: own, "sec-fetch-site": "cross-site" }],
  ["a sibling that claims our origin", { origin: own, "sec-fetch-site": "same-site" }],
  ["another site without an origin", { "sec-fetch-site": "cross-site" }],
  ["nonsense", { origin: "evil" }],
  ["another host than the proxy says", { origin: own, "x-forwarded-host": "public.example" }],
])("a write from %s is foreign, whatever the method", (_what, headers) => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect(foreign(headers, method)).toBe(true);
  expect(foreign(headers, "GET")).toBe(false);
});

test.each<[what: string, headers: Record<string, string>]>([
  ["our own page", { origin: own, "sec-fetch-site": "same-origin" }],
  ["our own page over plain http on a LAN", { origin: own }],
  ["our own form under no-referrer", { origin: "null", "sec-fetch-site": "same-origin" }],
  ["our own page behind a proxy", { origin: "https://public.example", "x-forwarded-host": "public.example" }],
  ["what is no browser", {}],
  ["the person at the address bar", { "sec-fetch-site": "none" }],
])("a write from %s is not", (_what, headers) => {
  expect(foreign(headers)).toBe(false);
});
