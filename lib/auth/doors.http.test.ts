import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { HeaderLine } from "@/test/conformance/case";
import { type LiveInstance, liveDoors, openLiveInstance, required } from "@/test/conformance/live-world";
import { rawExchange } from "@/test/conformance/raw-client";
import { makeActor } from "@/test/support/accounts";
import { cookieOf } from "@/test/support/browser-request";

let cookie: string;

beforeAll(async () => {
  cookie = await cookieOf(await makeActor());
});

/** Every page and route that the build has, parameters filled in, but the instances' own door. */
const built = Object.values(
  JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8")) as Record<string, string>,
)
  .filter((route) => !route.includes("[instanceToken]") && route !== "/api/live")
  .map((route) => route.replaceAll(/\[+[^\]]+\]+/g, "x"));

const { rewrites } = JSON.parse(readFileSync(".next/routes-manifest.json", "utf8")) as {
  rewrites: Record<string, { source: string }[]> | { source: string }[];
};

/** What Next.js serves by itself, and other spellings of it. */
const ofNext = [
  "/_next/image",
  "/_next/image/",
  "//_next/image",
  "/_next//image",
  "/_next/./image",
  "/x/../_next/image",
  "/_next/static/../image",
  "/_next/static/%2e%2e/image",
  "/_next%2fimage",
  "/%5fnext/image",
  "/_next\\image",
  "/_next/data/x/login.json",
  "/_next/static/x.js",
  "/_next/static/chunks",
  "/_next/webpack-hmr",
  "/_error",
  "/_not-found",
  "/_global-error",
  "/_document",
  "/404",
  "/500",
  "/index",
  "/__nextjs_original-stack-frames",
  "/__nextjs_source-map",
  "/__nextjs_font/x",
  "/nowhere",
];

const paths = [
  ...new Set([
    ...ofNext,
    ...built,
    ...Object.values(rewrites)
      .flat()
      .map(({ source }) => source),
  ]),
];

describe.each(liveDoors)("through %s", (_name, door) => {
  let instance: LiveInstance;
  let calls: number;

  beforeAll(async () => {
    instance = await openLiveInstance(door);
  });

  beforeEach(() => {
    calls = 0;
    instance.behave((_request, response) => {
      calls++;
      response.setHeader("content-type", "image/svg+xml").end("<svg xmlns='http://www.w3.org/2000/svg'/>");
    });
  });

  afterAll(() => instance.close());

  const get = (target: string, headers: readonly HeaderLine[] = [], method = "GET") =>
    rawExchange(required(door), { target, method, headers });

  test("the instance answers where it is called", async () => {
    await get(`${instance.target}/x`);
    expect(calls).toBe(1);
  });

  // Behind both doors stands one dashboard: its own pages are asked for through the gate.
  test.each(door === liveDoors[0]?.[1] ? paths : ofNext)(
    "%s leads to no instance, whatever Next.js is told about one",
    async (path) => {
      const target = `${instance.target}/x.svg`;
      const encoded = encodeURIComponent(target);
      const headers: HeaderLine[] = [
        "x-middleware-rewrite",
        "x-middleware-redirect",
        "x-middleware-prefetch",
        "x-middleware-request-next-url",
        "x-nextjs-rewrite",
        "x-nextjs-data",
        "x-invoke-path",
        "x-invoke-output",
        "x-matched-path",
        "x-now-route-matches",
        "x-action-redirect",
        "x-action-forwarded",
        "x-forwarded-uri",
        "x-original-url",
        "x-rewrite-url",
        "next-url",
      ].map((name): HeaderLine => [name, target]);
      const query = `?url=${encoded}&w=64&q=75&callbackUrl=${encoded}&nxtPpath=${encoded}&_rsc=x`;
      for (const more of [headers, [["rsc", "1"], ["cookie", cookie], ...headers] as HeaderLine[]]) {
        const { status, body } = await get(path + query, more);
        expect([path, body.slice(0, 200)]).toEqual([path, expect.not.stringMatching(/^<svg xmlns='http:/)]);
        if (/next.*image/.test(path)) expect([path, status]).toEqual([path, 404]);
      }
      expect(calls).toBe(0);
    },
  );

  test.each([
    "/instances/%ff",
    "/instances/%00",
    "/instances/%E0%A4%A",
    "/instances/%",
    "/invitation/%ff",
    "/%ff",
  ])("%s is a page that is not there, signed in or not", async (path) => {
    for (const headers of [[], [["cookie", cookie]]] as HeaderLine[][]) {
      const { status, body } = await get(path, [...headers, ["accept", "text/html"]]);
      expect([path, status]).toEqual([path, 404]);
      expect(body).toContain("<html");
    }
  });

  test.each(built.filter((route) => !route.startsWith("/api/") && !route.startsWith("/_")))(
    "%s takes queries that cannot be decoded or kept",
    async (route) => {
      const bad = ["%00", "%ff", "%E0%A4%A", "%", "%ed%a0%80"];
      const names = [
        "search",
        "page",
        "q",
        "traffic",
        "callbackUrl",
        "instance",
        "actor",
        "action",
        "from",
        "before",
      ];
      for (const value of bad) {
        const query = names.map((name) => `${name}=${value}`).join("&");
        const { status } = await get(`${route}?${query}`, [["cookie", cookie]]);
        expect([route, value, status < 500]).toEqual([route, value, true]);
      }
    },
  );

  test("a target in absolute form is for us or for nobody", async () => {
    const { host } = new URL(required(door));
    for (const path of ["/healthz", "/login", `${instance.target}/x`]) {
      expect([path, (await get(`HTTP://${host}${path}`)).status]).toEqual([path, 200]);
    }
    expect(calls).toBe(1);
    for (const target of [
      "http://evil.example/overview",
      `http://evil.example${instance.target}/x`,
      `http://me@${host}/login`,
      `http://${host}@evil.example/login`,
      `http://127.0.0.1:1/login`,
      `https://evil.example/healthz`,
    ]) {
      const { status, body } = await get(target);
      expect([target, status, body]).toEqual([target, 421, '{"error":"Misdirected request"}']);
    }
    const named = await get("http://evil.example/overview", [["host", "evil.example"]]);
    expect(named.status).toBe(421);
    expect((await get("*", [], "OPTIONS")).status).toBe(204);
    const { status, headers } = await get("//evil.example/x");
    expect([status, headers.filter(([name]) => name === "location")]).toEqual([404, []]);
    expect(calls).toBe(1);
  });
});
