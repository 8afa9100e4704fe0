import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { compileAddressList } from "@/lib/domain/address-list";
import { rawExchange } from "@/test/conformance/raw-client";
import { dashboardHandler } from "./dashboard/handler";
import { drain, listen } from "./http/listen";
import type { OwnOrigins } from "./http/request-target";
import { SeenPeers } from "./http/seen-peers";

describe("the dashboard's handler", () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** The handler on a real socket, with what Next.js was given in the place of Next.js. */
  async function open(places: OwnOrigins) {
    process.env.LATCHKEY_SECRET ??= "a secret that only the tests of this file use";
    const given: (string | undefined)[] = [];
    const handle: RequestListener = dashboardHandler({
      next: async (request, response) => {
        given.push(request.url);
        if (request.url === "/missing") {
          response.statusCode = 404;
          response.setHeader("content-type", "text/html; charset=utf-8");
          response.setHeader("x-of-the-page", "1");
          response.write("<h1>a page");
        }
        response.end("a page");
      },
      isInstanceHost: async (host) => host === "shop.test",
      readiness: async () => "ready",
      trustedProxies: compileAddressList([]),
      places,
      seen: new SeenPeers(compileAddressList([]), async () => {}),
      onError: (error) => expect(error).toBeUndefined(),
    });
    const server = createServer(handle);
    const base = `http://127.0.0.1:${await listen(server, 0, "127.0.0.1")}`;
    closing.push(() => drain(server, 0));
    const get = async (target: string, host = new URL(base).host, method = "GET", accept = "*/*") => {
      const headers = [["host", host] as const, ["accept", accept] as const];
      const { status, body } = await rawExchange(base, { target, method, headers });
      return `${status} ${body}`;
    };
    return { base, get, given };
  }

  test("gives Next.js neither its own routes nor another server's requests", async () => {
    const { base, get, given } = await open({ gateHostName: null });
    const nothing = '404 {"error":"Not found"}';
    const misdirected = '421 {"error":"Misdirected request"}';
    expect(await get("/_next/image?url=%2Finstances%2Fa%2Ftoken%2Fb&w=64&q=75")).toBe(nothing);
    expect(await get(`${base}/_next/image?url=x`)).toBe(nothing);
    expect(await get("*", undefined, "OPTIONS")).toBe("204 ");
    expect(await get("*")).toBe(nothing);
    expect(await get("http://evil.example/overview")).toBe(misdirected);
    expect(await get("http://evil.example/healthz")).toBe(misdirected);
    expect(await get("http://evil.example/instances/a/token/b")).toBe(misdirected);
    expect(given).toEqual([]);
    expect(await get(`${base.replace("http", "HTTP")}/login?a=1`)).toBe("200 a page");
    expect(await get("//_next/image")).toBe("200 a page");
    expect(await get("/instances/%ff")).toBe("200 a page");
    expect(await get(`${base}/instances/a/token/b/../c`)).toBe("200 a page");
    expect(given).toEqual(["/login?a=1", "/not-found", "/not-found", "/instances/-/token/-/x"]);
  });

  test("serves instances and probes on the gate's own host name, and no page", async () => {
    const { get, given } = await open({ gateUrl: "http://gate.test:81", gateHostName: "gate.test" });
    for (const host of ["gate.test:81", "GATE.test.:9"]) {
      for (const path of ["/", "/login", "/_next/static/x.js", "/api/live", "/instances/%ff"])
        expect(await get(path, host)).toBe('404 {"error":"Not found"}');
      expect(await get("/healthz", host)).toBe('200 {"status":"ok"}');
      expect(await get("/readyz", host)).toBe('200 {"status":"ready"}');
    }
    expect(given).toEqual([]);
    expect(await get("/instances/a/token/b", "gate.test")).toBe("200 a page");
    expect(await get("/login", "latchkey.test")).toBe("200 a page");
    expect(given).toEqual(["/instances/-/token/-/x", "/login"]);
  });

  test("under a host name of an instance everything is the instance's, the probes too", async () => {
    const { get, given } = await open({ gateHostName: null });
    for (const path of ["/", "/login", "/healthz", "/_next/image"])
      expect(await get(path, "shop.test")).toBe("200 a page");
    expect(given).toEqual(Array(4).fill("/instances/-/token/-/x"));
  });

  test("says in JSON that no page is there, unless a page is asked for", async () => {
    const { base, get } = await open({ gateHostName: null });
    for (const method of ["GET", "POST", "DELETE"])
      expect(await get("/missing", undefined, method)).toBe('404 {"error":"Not found"}');
    expect(await get("/missing", undefined, "GET", "application/json")).toBe('404 {"error":"Not found"}');
    expect(await get("/missing", undefined, "HEAD")).toBe("404 ");
    expect(await get("/missing", undefined, "GET", "text/html,*/*;q=0.8")).toBe("404 <h1>a pagea page");
    expect(await get("/login")).toBe("200 a page");
    const answer = await fetch(`${base}/missing`);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("x-of-the-page")).toBeNull();
  });
});
