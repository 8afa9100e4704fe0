import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { required } from "./live-world";
import { rawExchange } from "./raw-client";
import { raiseEpochOf, seedWorld } from "./seed";
import { type InstanceName, makeWorld } from "./world";

const MiB = 1024 * 1024;

/** Opens a WebSocket; fulfilled when it is open, or with the status it was refused with. */
async function open(url: string, headers: Record<string, string> = {}, protocols: string[] = []) {
  const socket = new WebSocket(url, protocols, { headers, perMessageDeflate: false });
  const status = await new Promise<number>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
  });
  return { socket, status };
}

/** Listens from the call on: call it before what ends the socket, since the end may come at once. */
async function closing(socket: WebSocket): Promise<{ code: number; afterMs: number }> {
  const since = performance.now();
  const [code] = (await once(socket, "close")) as [number];
  return { code, afterMs: performance.now() - since };
}

describe("WebSockets through the gate", () => {
  const world = makeWorld(randomUUID());
  const seen: Record<string, unknown>[] = [];
  const upstreamClosed: number[] = [];
  let server: Server;
  let remove: () => Promise<void>;
  let client: pg.Client;

  const base = () => required("LATCHKEY_TEST_GATE_URL").replace("http", "ws");
  const targetOf = (instance: InstanceName) => world.baseOf(instance);
  const urlOf = (instance: InstanceName) => `${base() + targetOf(instance)}/socket?x=1`;
  const current = { "Client-Token": world.clientTokenOf("closed", "current") };

  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(418).end("no sockets here"));
    const sockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, early) => {
      if (request.url?.includes("refuse")) {
        socket.end(
          "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\nX-Mine: 1\r\nLocation: /login\r\n\r\nnope",
        );
        return;
      }
      seen.push({ url: request.url, ...request.headers });
      sockets.handleUpgrade(request, socket, early, (upstream) => {
        upstream.on("message", (data, binary) => upstream.send(data, { binary }));
        upstream.on("close", (code) => upstreamClosed.push(code));
        upstream.on("error", () => {});
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    remove = await seedWorld(required("DATABASE_URL"), world, `http://127.0.0.1:${port}`);
    client = new pg.Client({ connectionString: required("DATABASE_URL") });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await remove();
    server.closeAllConnections();
    server.close();
  });

  test("messages go both ways, and the upstream sees no token", async () => {
    const { socket, status } = await open(urlOf("closed"), { ...current, Cookie: "latchkey.session=x" }, [
      "a",
    ]);
    expect(status).toBe(101);
    expect(socket.protocol).toBe("a");
    socket.send("hello");
    expect(String((await once(socket, "message"))[0])).toBe("hello");
    expect(seen.at(-1)).toMatchObject({
      url: "/socket?x=1",
      via: "1.1 latchkey",
      "x-forwarded-for": "127.0.0.1",
    });
    for (const name of ["client-token", "cookie"]) expect(seen.at(-1)).not.toHaveProperty(name);
    const closed = closing(socket);
    socket.close(1000);
    expect((await closed).code).toBe(1000);
    await expect.poll(() => upstreamClosed.at(-1)).toBe(1000);
  });

  test("large messages arrive whole", async () => {
    const { socket } = await open(urlOf("open"));
    const message = Buffer.alloc(20 * MiB, "latchkey");
    socket.send(message);
    const [echoed] = (await once(socket, "message")) as [Buffer];
    expect(echoed.equals(message)).toBe(true);
    socket.terminate();
  });

  test.each([
    ["without the token", "closed", {}, 403],
    ["with a wrong token", "closed", { "Client-Token": "lkc_x" }, 403],
    ["to a paused instance", "paused", current, 403],
    ["to an instance that nobody is behind", "nobody behind", {}, 502],
  ] as const)("%s there is none", async (_name, instance, headers, expected) => {
    const before = seen.length;
    expect((await open(urlOf(instance), headers)).status).toBe(expected);
    expect(seen).toHaveLength(before);
  });

  test("a denial is the same as for any request", async () => {
    const answer = await rawExchange(required("LATCHKEY_TEST_GATE_URL"), {
      target: `${targetOf("closed")}/x`,
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
      ],
    });
    expect(answer).toMatchObject({ status: 403, body: '{"error":"null not allowed"}' });
    expect(answer.headers).toContainEqual(["latchkey-reason", "missing"]);
  });

  test("rules about endpoints hold for the request that opens one", async () => {
    const url = (path: string) => base() + targetOf("no deleting") + path;
    expect((await open(url("/admin/socket"), current)).status).toBe(403);
    expect((await open(url("/admin%2fsocket"), current)).status).toBe(403);
    const { socket, status } = await open(url("/socket"), current);
    expect(status).toBe(101);
    socket.terminate();
  });

  test("an upstream's refusal is passed on", async () => {
    const answer = await rawExchange(required("LATCHKEY_TEST_GATE_URL"), {
      target: `${targetOf("open")}/refuse`,
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
        ["Sec-WebSocket-Version", "13"],
        ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ],
    });
    expect(answer).toMatchObject({ status: 401, body: "nope" });
    expect(answer.headers).toContainEqual(["x-mine", "1"]);
    expect(answer.headers).toContainEqual(["location", `${targetOf("open")}/login`]);
  });

  test("the upstream gets its own token, never the caller's", async () => {
    const { socket, status } = await open(urlOf("closed with own headers"), current);
    expect(status).toBe(101);
    expect(seen.at(-1)).toMatchObject({ "client-token": "upstream-token", apikey: "own-key" });
    socket.terminate();
  });

  test("either side's end ends the other", async () => {
    const { socket } = await open(urlOf("open"));
    const before = upstreamClosed.length;
    socket.terminate();
    await expect.poll(() => upstreamClosed.length).toBe(before + 1);
  });

  test.each([
    [
      "the token is replaced",
      `UPDATE "ClientToken" SET "state" = 'retired' WHERE "state" = 'current' AND`,
      "retired",
    ],
    [
      "it is paused",
      `UPDATE "Instance" SET "pausedAt" = now() WHERE "pausedAt" IS NULL AND`,
      "instance_paused",
    ],
    ["it is deleted", `DELETE FROM "Instance" WHERE`, undefined],
  ])("is closed within five seconds when %s, which is written down", async (_name, change, outcome) => {
    const own = makeWorld(randomUUID());
    const { port } = server.address() as AddressInfo;
    const takeOut = await seedWorld(required("DATABASE_URL"), own, `http://127.0.0.1:${port}`);
    const target = own.baseOf("closed");
    const headers = { "Client-Token": own.clientTokenOf("closed", "current") };
    const { socket, status } = await open(`${base() + target}/x`, headers);
    expect(status).toBe(101);
    socket.send("still here");
    await once(socket, "message");
    const closed = closing(socket);
    await raiseEpochOf(client, own.idOf("closed"), (accountId) =>
      client.query(`${change} "accountId" = $1`, [accountId]).then(() => {}),
    );
    const { code, afterMs } = await closed;
    expect(code).toBe(1008);
    expect(afterMs).toBeLessThan(5000);
    const callers = `SELECT "lastOutcome" AS outcome FROM "Caller" WHERE "instanceId" = $1`;
    const latest = async () => (await client.query(callers, [own.idOf("closed")])).rows[0]?.outcome;
    await expect.poll(latest, { timeout: 10_000 }).toBe(outcome);
    await takeOut();
  });

  test("stays open while nothing changes", async () => {
    const { socket } = await open(urlOf("closed"), current);
    await delay(3000);
    socket.send("still here");
    expect(String((await once(socket, "message"))[0])).toBe("still here");
    socket.terminate();
  });
});
