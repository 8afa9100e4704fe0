import { globSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test, vi } from "vitest";
import { isSecurePage, loginPath, pageOrigin, returnPath, sameOriginUrl } from "./urls";

const setting = vi.hoisted(() => ({ url: undefined as string | undefined, trustedProxies: [] }));
vi.mock("@/lib/config", () => ({ config: () => setting }));

describe("pageOrigin", () => {
  test.each([
    [{ host: "127.0.0.1:3000" }, "http://127.0.0.1:3000"],
    [{ host: "Latchkey.LAN", "x-forwarded-proto": "https" }, "https://latchkey.lan"],
    [
      {
        host: "internal",
        "x-forwarded-host": "evil.example, a.example:8443",
        "x-forwarded-proto": "http,HTTPS",
      },
      "https://a.example:8443",
    ],
    [{ host: "[::1]:3000", "x-forwarded-proto": "http" }, "http://[::1]:3000"],
    [{ host: "evil.example/path" }, "http://localhost"],
    [{ host: "user@evil.example" }, "http://localhost"],
    [{}, "http://localhost"],
  ])("%j", (headers, origin) => {
    setting.url = undefined;
    expect(pageOrigin(new Headers(headers as Record<string, string>))).toBe(origin);
  });

  test("LATCHKEY_URL decides alone when it is set", () => {
    setting.url = "https://latchkey.example.com";
    const headers = new Headers({ host: "127.0.0.1", "x-forwarded-proto": "http" });
    expect(pageOrigin(headers)).toBe("https://latchkey.example.com");
    expect(isSecurePage(headers)).toBe(true);
  });
});

describe("sameOriginUrl", () => {
  const origin = "https://latchkey.example";

  test.each([
    ["/overview", "https://latchkey.example/overview"],
    ["https://latchkey.example/a?b=1#c", "https://latchkey.example/a?b=1#c"],
    ["https://evil.example/", origin],
    ["//evil.example", origin],
    ["/\\evil.example", origin],
    ["\\\\evil.example", origin],
    ["https://latchkey.example@evil.example/", origin],
    ["http://latchkey.example/", origin],
    ["javascript:alert(1)", origin],
    ["https://", origin],
  ])("%s goes to %s", (wanted, page) => {
    expect(sameOriginUrl(wanted, origin)).toBe(page);
  });
});

describe("returnPath", () => {
  it.each([
    ["/security", "/security"],
    ["/activity?before=42", "/activity?before=42"],
    ["/instances/../settings", "/settings"],
    ["/instances/AAAA", "/instances/AAAA"],
    ["/activity/rejected?reason=missing", "/activity/rejected?reason=missing"],
  ])("keeps the page %s", (wanted, path) => {
    expect(returnPath(wanted)).toBe(path);
  });

  it.each([
    undefined,
    null,
    42,
    "",
    "security",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https://evil.example/security",
    "javascript:alert(1)",
    "/.//evil.example",
    "/%2e//evil.example",
    "/login",
    "/login/second-step",
    "/login/../login/second-step?way=totp",
    "http://[",
    "/activity/export?format=jsonl",
    "/activity/../activity/export",
    "/instances/export?tokens=yes",
    "/api/live",
    "/api/auth/signout",
    "/instances/AAAA/token/BBBB/send-text",
    "/.well-known/latchkey-audit-key.json",
  ])("goes to the overview instead of %j", (wanted) => {
    expect(returnPath(wanted)).toBe("/overview");
  });

  it("goes to none of the routes that are no pages", () => {
    const routes = globSync("app/**/route.ts").map((file) =>
      file.replace(/^app|\/\([^)]*\)|\/route\.ts$/g, "").replace(/\[+[^\]]*\]+/g, "x"),
    );
    expect(routes).toContain("/instances/export");
    for (const path of routes) expect(returnPath(`${path}?tokens=yes`)).toBe("/overview");
  });
});

/** What has led away from other sites. */
const tricks = [
  "https:evil.example",
  "https:/evil.example",
  "http:\\evil.example",
  "hTTps://evil.example",
  "ht\ntps://evil.example",
  "///evil.example",
  "////evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/\\/evil.example",
  "/\\\\evil.example",
  "%2f%2fevil.example",
  "/%2f%2fevil.example",
  "/%5cevil.example",
  "/%5c%5cevil.example",
  "/%09/evil.example",
  "/..//evil.example",
  "/./\\evil.example",
  "/;@evil.example",
  "@evil.example",
  "/@evil.example",
  "/:80//evil.example",
  "//latchkey.example@evil.example",
  "//evil.example:3000",
  "//evil%E3%80%82example",
  "/\u3000/evil.example",
  "\u0000//evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "/javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "blob:http://evil.example/1",
  "?//evil.example",
  "#//evil.example",
  "/overview\r\nset-cookie: a=b",
];

describe("a wanted page", () => {
  const origins = ["http://127.0.0.1:3000", "https://latchkey.example"];

  it.each(tricks)("%j leads nowhere else, and splits no header", (wanted) => {
    for (const path of [returnPath(wanted), loginPath("/login", wanted)]) {
      expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
      for (const origin of origins) expect(new URL(path, origin).origin).toBe(origin);
    }
  });

  it("leads nowhere else, whatever it is", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      ":",
      "@",
      "%2f",
      "%5c",
      "\t",
      "\n",
      "http",
      "//",
      "evil.example",
      "?",
      "#",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (wanted) => {
          for (const origin of origins) expect(new URL(returnPath(wanted), origin).origin).toBe(origin);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("loginPath", () => {
  it.each([
    ["/security", "/login?callbackUrl=%2Fsecurity"],
    ["/overview", "/login"],
    ["//evil.example", "/login"],
    ["https://evil.example/", "/login"],
  ])("takes %s along as %s", (wanted, path) => {
    expect(loginPath("/login", wanted)).toBe(path);
  });

  it("says what else there is to say", () => {
    expect(loginPath("/login", "/a?b=c&d", { over: "1" })).toBe("/login?over=1&callbackUrl=%2Fa%3Fb%3Dc%26d");
  });
});
