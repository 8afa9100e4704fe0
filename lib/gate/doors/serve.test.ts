import type { RequestListener } from "node:http";
import type { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { seal } from "@/lib/crypto/sealed-box";
import { pairLines, valuesOf } from "@/test/conformance/case";
import { startUpstreamServer, type UpstreamServer } from "@/test/conformance/upstreams";
import { type InstanceName, makeWorld, policyOf } from "@/test/conformance/world";
import { testBodies, testRequest } from "@/test/support/gate";
import { upstreamConnector } from "../../net/safe-connect";
import type { GateRequest } from "../messages";
import { UpstreamPools } from "../proxy/pools";
import { type Gate, serve as serveUntil } from "./next";

const world = makeWorld("serve");

function poolsOf(options: { readonly allowPrivate: boolean }): UpstreamPools {
  return new UpstreamPools({
    connect: upstreamConnector({ ...options, timeoutMs: 300 }),
    connections: 8,
    headersTimeoutMs: 300,
    bodyTimeoutMs: 300,
  });
}

/** For a client that stays. */
const serve = (request: GateRequest, gate: Gate) => serveUntil(request, gate, new AbortController().signal);

function targetOf(instance: InstanceName): string {
  return world.baseOf(instance);
}

describe("serving a request", () => {
  const closing: (() => Promise<unknown>)[] = [];
  const logged: string[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    logged.length = 0;
  });

  async function gateTo(listener: RequestListener, more: Partial<Gate> = {}): Promise<Gate> {
    const upstream: UpstreamServer = await startUpstreamServer(listener);
    const pools = poolsOf({ allowPrivate: true });
    closing.push(() => pools.close(), upstream.close);
    const note = (facts: object, message: string) => void logged.push(JSON.stringify({ ...facts, message }));
    return {
      readPolicy: async (id) => policyOf(id, world, upstream.url, seal),
      bodies: testBodies,
      pools,
      now: () => new Date(),
      ownHostName: null,
      log: { info: note, error: note },
      ...more,
    };
  }

  const open = (more: Partial<GateRequest> = {}) => testRequest({ target: `${targetOf("open")}/x`, ...more });

  test("an upstream that never answers is a 504", async () => {
    const gate = await gateTo(() => {});
    expect(await serve(open(), gate)).toMatchObject({ status: 504, body: '{"error":"Upstream timed out"}' });
  });

  test("an upstream that falls silent in its body breaks off", async () => {
    const gate = await gateTo((_request, response) => void response.write("some"));
    const { body } = await serve(open(), gate);
    await expect((body as Readable).toArray()).rejects.toThrow();
  });

  test("a client that leaves ends the exchange", async () => {
    const controller = new AbortController();
    let closed = false;
    const gate = await gateTo((_request, response) => {
      response.on("close", () => {
        closed = true;
      });
      controller.abort();
    });
    await serveUntil(open(), gate, controller.signal);
    await expect.poll(() => closed).toBe(true);
  });

  test("a private upstream is refused where it is not allowed", async () => {
    const pools = poolsOf({ allowPrivate: false });
    closing.push(() => pools.close());
    let reached = false;
    const gate = await gateTo(
      (_request, response) => {
        reached = true;
        response.end();
      },
      { pools },
    );
    expect(await serve(open(), gate)).toMatchObject({ status: 502 });
    expect(reached).toBe(false);
    expect(logged.join()).toContain("UPSTREAM_REFUSED");
  });

  test.each([
    ["throws", () => Promise.reject(new Error("down"))],
    [
      "throws at once",
      () => {
        throw new Error("down");
      },
    ],
  ])("a policy reader that %s is a 503, and nothing is forwarded", async (_name, readPolicy) => {
    let reached = false;
    const gate = await gateTo(
      () => {
        reached = true;
      },
      { readPolicy },
    );
    const answer = await serve(open(), gate);
    expect(answer).toMatchObject({ status: 503, body: '{"error":"Policy unavailable"}' });
    expect(pairLines(answer.headers)).toContainEqual(["retry-after", "2"]);
    expect(reached).toBe(false);
  });

  test("on an origin of their own, instances keep cookies and policies both ways, each for itself", async () => {
    let cookie: string | undefined;
    const gate = await gateTo(
      (request, response) => {
        cookie = request.headers.cookie;
        response.setHeader("set-cookie", ["a=1; Path=/; Domain=example; HttpOnly", "b=2; Path=/x"]);
        response.setHeader("content-security-policy", "default-src 'none'; report-uri /csp; img-src *");
        response.setHeader("strict-transport-security", "max-age=1");
        response.setHeader("clear-site-data", '"cookies"');
        response.end();
      },
      { ownHostName: "gate.example" },
    );
    const request = open({ host: "Gate.example", headers: ["cookie", "c=3"] });
    const headers = pairLines((await serve(request, gate)).headers);
    expect(cookie).toBe("c=3");
    expect(headers).toContainEqual(["set-cookie", `a=1; HttpOnly; Path=${targetOf("open")}`]);
    expect(headers).toContainEqual(["set-cookie", `b=2; Path=${targetOf("open")}/x`]);
    expect(headers).toContainEqual(["content-security-policy", "default-src 'none'; img-src *"]);
    const names = headers.map(([name]) => name);
    for (const other of ["x-content-type-options", "strict-transport-security", "clear-site-data"])
      expect(names).not.toContain(other);
  });

  test("Latchkey's own cookies pass in neither direction, on an origin of the instances' own too", async () => {
    let got: readonly string[] = [];
    const gate = await gateTo(
      (request, response) => {
        got = request.rawHeaders.filter((_, at, all) => all[at - 1]?.toLowerCase() === "cookie");
        const set = ["latchkey.session=x; Path=/", "__Host-latchkey.link=x", "next-auth.state=x", "app=1"];
        response.writeHead(200, { "set-cookie": set }).end();
      },
      { ownHostName: "gate.example" },
    );
    const headers = [
      ["cookie", "a=1; latchkey.session=secret; b=2"],
      ["cookie", "__Host-latchkey.session=secret"],
      ["cookie", "next-auth.csrf-token=secret; c=3"],
    ].flat();
    const answer = await serve(open({ host: "gate.example:8443", headers }), gate);
    expect(got).toEqual(["a=1; b=2", "c=3"]);
    const cookies = valuesOf(pairLines(answer.headers), "set-cookie");
    expect(cookies).toEqual([expect.stringMatching(/^app=1(?:;|$)/)]);
  });

  test("the dashboard's host keeps its rules although instances have one of their own", async () => {
    const gate = await gateTo((_request, response) => response.setHeader("set-cookie", "a=1").end(), {
      ownHostName: "gate.example",
    });
    const headers = pairLines((await serve(open({ host: "dashboard.example" }), gate)).headers);
    expect(headers.map(([name]) => name)).not.toContain("set-cookie");
    expect(headers).toContainEqual(["content-security-policy", "sandbox; default-src 'none'"]);
  });

  test("a rejection is logged by its template and its address, without any credential", async () => {
    const gate = await gateTo(() => {});
    const token = world.clientTokenOf("listed", "current");
    const target = `${targetOf("closed")}/private/path?secret=1`;
    await serve(testRequest({ target, headers: ["client-token", token] }), gate);
    await serve(testRequest({ target: `/instances/${token}/token/x` }), gate);
    const log = logged.join("\n");
    expect(log).toContain('"reason":"unknown"');
    expect(log).toContain(world.idOf("closed"));
    expect(log).toMatch(/"address":"203\.0\.113\.9","status":404,"reason":"unknown_instance"/);
    for (const secret of [token, world.instanceTokenOf("closed"), "private", "secret"])
      expect(log).not.toContain(secret);
  });
});
