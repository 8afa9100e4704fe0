import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { type ForeignCheck, foreignCheck, isUse, pageTemplate } from "./origin";

const page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

test.each([
  ["opening a page", { accept: page }, true],
  ["sending a form with JavaScript", { accept: "text/x-component", "next-action": "40aa" }, true],
  ["a live refresh, or a link fetched ahead", { accept: "*/*" }, false],
  ["following events", { accept: "text/event-stream" }, false],
  ["asking who is signed in", { accept: "application/json" }, false],
  ["a request that says nothing", {}, false],
])("%s", (_what, headers, use) => {
  expect(isUse(new Headers(headers as Record<string, string>))).toBe(use);
});

/** Every page and route of the dashboard, as a path with its parameters still named. */
const routes = readdirSync("app", { recursive: true, encoding: "utf8" })
  .filter((file) => /(?:^|\/)(?:page\.tsx|route\.ts)$/.test(file) && !file.includes("[instanceToken]"))
  .map((file) => file.split("/").slice(0, -1))
  .map((parts) => `/${parts.filter((part) => !part.startsWith("(")).join("/")}`);

test.each(routes)("%s keeps its words and loses what was put into it", (route) => {
  const asked = route.replaceAll(/\[[^\]]+\]/g, "hunter2");
  expect(pageTemplate(asked)).toBe(route.replaceAll(/\[[^\]]+\]/g, "{…}"));
});

test.each([
  ["/instances/3fa85f64?token=hunter2", "/instances/{…}"],
  ["/hunter2", "/{…}"],
  ["/login/hunter2/../security", "/login/{…}/{…}/security"],
  ["/Login", "/{…}"],
  ["/a/b/c/d/e/f/g/hunter2", "/{…}/{…}/{…}/{…}/{…}/{…}/{…}"],
  ["/", "/"],
  ["", "/"],
  ["hunter2", "/"],
])("of %s only %s is told", (path, template) => {
  expect(pageTemplate(path)).toBe(template);
});

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
