import { NextRequest } from "next/server";
import { describe, expect, it } from "vitest";
import { config, proxy } from "./proxy";

function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
  return proxy(new NextRequest(`http://latchkey.test${path}`, { method, headers }));
}

const policyOf = (path = "/login") => ask(path).headers.get("content-security-policy") ?? "";

describe("proxy", () => {
  it("gives each page a policy with a nonce of its own and nothing inline", () => {
    const policy = policyOf();
    expect(policy).toMatch(/script-src 'nonce-[0-9a-f]{32}' 'strict-dynamic';/);
    expect(policy).toMatch(/style-src 'self' 'nonce-[0-9a-f]{32}';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(policyOf()).not.toBe(policy);
  });

  it("asks browsers to insist on https only where they came by https", () => {
    expect(ask("/login").headers.get("strict-transport-security")).toBeNull();
    const secure = ask("/login", { "x-forwarded-proto": "https", host: "latchkey.test" });
    expect(secure.headers.get("strict-transport-security")).toMatch(/^max-age=\d{8};/);
  });

  it.each(["/security", "/instances/abc", "/activity?before=3"])(
    "sends a stranger from %s to log in",
    (path) => {
      const { status, headers } = ask(path);
      expect(status).toBe(307);
      const to = new URL(headers.get("location") ?? "");
      expect(to.pathname).toBe("/login");
      expect(to.searchParams.get("callbackUrl")).toBe(path);
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    },
  );

  it("lets sessions, sent forms and other pages pass", () => {
    expect(ask("/security", { cookie: "latchkey.session=x" }).status).toBe(200);
    expect(ask("/security", {}, "POST").status).toBe(200);
    expect(ask("/login").status).toBe(200);
    expect(ask("/securityx").status).toBe(200);
  });

  it("refuses what another site makes a browser send, before anything reads it", async () => {
    const origin = "https://evil.test";
    const response = ask("/api/auth/signout", { origin, host: "latchkey.test" }, "POST");
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: "Sent from another site" });
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(
      ask("/api/auth/signout", { origin: "http://latchkey.test", host: "latchkey.test" }, "POST").status,
    ).toBe(200);
  });

  it("restores the origin of the page's own forms, and of no others", () => {
    const originAfter = (site: string, origin = "null") =>
      ask("/login", { origin, host: "latchkey.test", "sec-fetch-site": site }, "POST").headers.get(
        "x-middleware-request-origin",
      );
    expect(originAfter("same-origin")).toBe("http://latchkey.test");
    for (const site of ["cross-site", "same-site", "none"]) expect(originAfter(site)).toBeNull();
    expect(originAfter("same-origin", "https://evil.test")).toBeNull();
  });

  it.each([
    ["/login", true],
    ["/instances", true],
    ["/instances/abc", true],
    ["/instances/abc/token", true],
    ["/instances/abc/token/def", false],
    ["/instances/abc/token/def/send-text", false],
    ["/_next/static/chunks/a.js", false],
    ["/api/security", false],
    ["/api/rejected", false],
    ["/api/import", false],
    ["/api/securityx", true],
    ["/api/presence", true],
  ])("runs for %s: %s", (path, runs) => {
    expect(new RegExp(`^${config.matcher}$`).test(path)).toBe(runs);
  });
});
