import type { LookupAddress, lookup } from "node:dns";
import { createServer } from "node:http";
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startUpstreamServer, type UpstreamServer } from "@/test/conformance/upstreams";
import { publicOnly, upstreamConnector } from "./safe-connect";

/** A resolver that knows every name by these addresses, one list a call; the last stays. */
function resolver(...answers: string[][]): typeof lookup {
  const known = (_name: string, _options: object, callback: (e: null, a: LookupAddress[]) => void) => {
    const [addresses = []] = answers.length > 1 ? answers.splice(0, 1) : answers;
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return known as unknown as typeof lookup;
}

describe("connecting to an upstream", () => {
  let upstream: UpstreamServer;
  let port: string;

  beforeAll(async () => {
    upstream = await startUpstreamServer((_request, response) => response.end("reached"));
    port = new URL(upstream.url).port;
  });

  afterAll(async () => {
    await upstream.close();
  });

  async function reach(host: string, options: { allowPrivate?: boolean; lookup?: typeof lookup } = {}) {
    const { allowPrivate = false, ...rest } = options;
    const agent = new Agent({ connect: upstreamConnector({ allowPrivate, timeoutMs: 400, ...rest }) });
    try {
      const answer = await agent.request({ origin: `http://${host}:${port}`, path: "/", method: "GET" });
      return await answer.body.text();
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await agent.destroy();
    }
  }

  test.each([
    "127.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "169.254.169.254",
    "2130706433",
    "0x7f.1",
  ])("the address %s is refused", async (host) => {
    expect(await reach(host)).toBe("UPSTREAM_REFUSED");
  });

  test("a name that the system resolves to loopback is refused", async () => {
    expect(await reach("localhost")).toBe("UPSTREAM_REFUSED");
  });

  test.each([["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["10.0.0.1"], ["64:ff9b::7f00:1"]])(
    "a name that resolves to %s is refused",
    async (address) => {
      expect(await reach("upstream.example", { lookup: resolver([address]) })).toBe("UPSTREAM_REFUSED");
    },
  );

  test("a name that resolves to nothing is refused", async () => {
    expect(await reach("upstream.example", { lookup: resolver([]) })).toBe("UPSTREAM_REFUSED");
  });

  test("of several addresses a socket is offered the public ones only", async () => {
    const offered = (all: boolean) =>
      new Promise((resolve) => {
        const guarded = publicOnly(resolver(["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"]));
        guarded("upstream.example", { all }, (_error, address, family) => resolve([address, family]));
      });
    expect(await offered(false)).toEqual(["8.8.8.8", 4]);
    const all = [
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ];
    expect(await offered(true)).toEqual([all, undefined]);
  });

  test("a name is checked at every connection, so one that turns to loopback is refused then", async () => {
    const guarded = publicOnly(resolver(["8.8.8.8"], ["127.0.0.1"]));
    const attempt = () =>
      new Promise((resolve) => {
        guarded("upstream.example", { all: true }, (error, address) => resolve(error?.name ?? address));
      });
    expect(await attempt()).toEqual([{ address: "8.8.8.8", family: 4 }]);
    expect(await attempt()).toBe("UpstreamRefused");
  });

  test("private addresses are reached where they are allowed", async () => {
    expect(await reach("127.0.0.1", { allowPrivate: true })).toBe("reached");
    expect(await reach("localhost", { allowPrivate: true })).toBe("reached");
  });

  test("a resolver that does not answer ends as a connect time-out", async () => {
    const silent = (() => {}) as unknown as typeof lookup;
    expect(await reach("upstream.example", { lookup: silent })).toBe("UND_ERR_CONNECT_TIMEOUT");
  });

  test("a redirect to a private address is not followed", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(302, { location: `${upstream.url}/` }).end("see there");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const own = typeof address === "object" && address ? address.port : 0;
    const agent = new Agent({ connect: upstreamConnector({ allowPrivate: true, timeoutMs: 400 }) });
    const answer = await agent.request({ origin: `http://127.0.0.1:${own}`, path: "/", method: "GET" });
    expect([answer.statusCode, await answer.body.text()]).toEqual([302, "see there"]);
    await agent.destroy();
    server.close();
  });
});
