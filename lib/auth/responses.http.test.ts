import { beforeAll, describe, expect, test } from "vitest";
import { makeActor } from "@/test/support/accounts";
import { base, callAction, cookieOf } from "@/test/support/browser-request";
import { builtActions } from "@/test/support/built-actions";

let cookie: string;

beforeAll(async () => {
  cookie = await cookieOf(await makeActor());
});

const ask = (path: string, init: RequestInit = {}) => fetch(base + path, { redirect: "manual", ...init });

/** What only the inside may know: where code lies, how it is called, what it runs on. */
const insides = /node_modules|\.next\/|\/server\/|at \w+ \(|file:\/\/|prisma|postgres|SELECT |\bpg\b|stack/i;

const guards = {
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

function expectGuarded({ headers }: Response): void {
  expect(Object.fromEntries(Object.keys(guards).map((name) => [name, headers.get(name)]))).toEqual(guards);
  expect(headers.get("x-powered-by")).toBeNull();
  expect(headers.get("access-control-allow-origin")).toBeNull();
}

describe("every answer of the dashboard", () => {
  test.each([
    "/login",
    "/register",
    "/overview",
    "/instances",
    "/security",
    "/activity",
    "/settings",
    "/nowhere",
  ])("%s is guarded: only scripts with its nonce, no frames, nothing kept in caches", async (path) => {
    const response = await ask(path, { headers: { cookie, accept: "text/html" } });
    expectGuarded(response);
    if (response.status === 307) return;
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'nonce-([0-9a-f]{32})' 'strict-dynamic';/.exec(policy)?.[1];
    expect(nonce).toBeDefined();
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("cache-control")).toMatch(/no-store/);
    const html = await response.text();
    const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  });

  test.each(["/api/live", "/api/security", "/api/rejected", "/activity/export?format=jsonl"])(
    "%s is guarded and kept in no cache",
    async (path) => {
      const response = await ask(path, { headers: { cookie } });
      expectGuarded(response);
      expect(response.headers.get("cache-control")).toMatch(/no-store|no-cache/);
      expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      await response.body?.cancel();
    },
  );

  test.each(["cross-site", "same-site"])(
    "an export of the trail is set off by no page that is %s",
    async (site) => {
      const headers = { cookie, "sec-fetch-site": site };
      const response = await ask("/activity/export?format=jsonl", { headers });
      expect([response.status, await response.text()]).toEqual([403, ""]);
    },
  );

  test("asks browsers to insist on https where they came by https, and marks its cookies Secure there", async () => {
    const secure = { "x-forwarded-proto": "https" };
    const response = await ask("/login", { headers: secure });
    expect(response.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    const setting = builtActions().filter(({ name }) =>
      /^(?:rememberTimeZone|choose(?:Theme|Language))$/.test(name),
    );
    expect(setting).toHaveLength(3);
    const answers = await Promise.all(setting.map((action) => callAction(action, { ...secure, cookie })));
    const lines = answers.flatMap(({ headers }) => headers.getSetCookie());
    expect(lines).not.toEqual([]);
    for (const line of lines) expect(line).toMatch(/^(?:__Host-)?latchkey\..*; Secure/);
    expect((await ask("/login")).headers.get("strict-transport-security")).toBeNull();
  });
});

describe("a header that once switched Next.js middleware off (CVE-2025-29927)", () => {
  const names = ["proxy", "middleware", "src/middleware", "pages/_middleware"];
  test.each(names.flatMap((name) => [name, Array(6).fill(name).join(":")]))(
    "%s does nothing",
    async (value) => {
      const headers = {
        accept: "text/html",
        "x-middleware-subrequest": value,
        "x-middleware-next": "1",
        "x-middleware-rewrite": "/x",
      };
      const response = await ask("/security", { headers });
      expect(response.status).toBe(307);
      expect(response.headers.get("location")).toMatch(/\/login\?callbackUrl=%2Fsecurity$/);
      expectGuarded(response);
      const own = await ask("/security", { headers: { ...headers, cookie } });
      expect(own.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      await own.body?.cancel();
    },
  );
});

describe("what is malformed is refused without a word about the inside", () => {
  const actions = builtActions();
  const rename = actions.find(({ name }) => name === "renameInstanceAction");
  const id = rename?.id ?? "";
  const huge = "x".repeat(3_000_000);

  test.each<[what: string, path: string, headers: Record<string, string>, body: string]>([
    ["no JSON", "/instances", { "next-action": id }, "{"],
    ["nothing", "/instances", { "next-action": id }, ""],
    ["an object instead of arguments", "/instances", { "next-action": id }, '{"a":1}'],
    ["a reference to nothing", "/instances", { "next-action": id }, '["$K9"]'],
    ["a server reference", "/instances", { "next-action": id }, '["$F1"]'],
    ["a prototype", "/instances", { "next-action": id }, '[{"__proto__":{"name":"x"},"constructor":{}}]'],
    ["a deep path", "/instances", { "next-action": id }, '["$1:__proto__:constructor:constructor"]'],
    ["3 MB", "/instances", { "next-action": id }, `["${huge}"]`],
    ["an unknown action", "/instances", { "next-action": "0".repeat(42) }, "[]"],
    ["a malformed action", "/instances", { "next-action": "../../etc/passwd" }, "[]"],
    [
      "a form without an end",
      "/login",
      { "content-type": "multipart/form-data; boundary=x" },
      '--x\r\ncontent-disposition: form-data; name="$ACTION_ID_1"\r\n\r\n',
    ],
    ["a form without a boundary", "/login", { "content-type": "multipart/form-data" }, "x"],
    [
      "XML",
      "/login",
      { "content-type": "application/xml" },
      "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    ],
    [
      "a form for next-auth in JSON",
      "/api/auth/callback/credentials",
      { "content-type": "application/json" },
      "{",
    ],
    ["an unknown provider", "/api/auth/signin/nobody", {}, "a=b"],
    ["an unknown endpoint", "/api/auth/../../x", {}, "a=b"],
    ["a body where none is read", "/api/live", {}, huge],
  ])("%s", async (_what, path, headers, body) => {
    const contentType = { "content-type": "text/plain;charset=UTF-8" };
    const response = await ask(path, {
      method: "POST",
      headers: { cookie, origin: base, ...contentType, ...headers },
      body,
    }).catch((error: Error) => error);
    // A server that closes while a huge body is on its way has refused too.
    if (response instanceof Error) return expect(body).toBe(huge);
    const text = await response.text();
    expect(text.replaceAll(/<script\b[\s\S]*?<\/script>|<link[^>]*>/g, "")).not.toMatch(insides);
    expect(text).not.toContain(huge.slice(0, 1000));
  });

  test("and the server goes on serving, and the action too", async () => {
    expect((await ask("/healthz")).status).toBe(200);
    if (!rename) throw new Error("no action");
    const response = await callAction(rename, { cookie }, { instanceId: "x", name: "y" });
    expect(await response.text()).toContain('"code":"not_found"');
  });
});
