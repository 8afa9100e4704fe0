import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent } from "node:http";
import axios from "axios";
import { Bot } from "grammy";
import pg from "pg";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { seal } from "@/lib/crypto/sealed-box";
import { type PresetId, presets, type WrittenRoute } from "@/lib/domain/preset";
import { waitUntil } from "@/server/processes";
import { type GatewayServer, gatewayKey, sessionKeyOf, startGateway } from "../support/gateway-servers";
import { required } from "./live-world";
import { raiseEpochOf, seedWorld } from "./seed";
import { startUpstreamServer, type UpstreamServer } from "./upstreams";
import { type InstanceName, makeWorld } from "./world";

const world = makeWorld(randomUUID());
const domain = `${randomUUID()}.example.com`;
const token = world.clientTokenOf("closed", "current");
const closing: (() => unknown)[] = [];
const asked: string[] = [];
let evolution: GatewayServer;
let waha: GatewayServer;
let telegram: UpstreamServer;
let client: pg.Client;

/** Clients use names as they are; only these are found here without a name server. */
const agent = new Agent({
  lookup: (_host, options, found) =>
    options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4),
});
const originOf = (host: string) =>
  `http://${host}.${domain}:${new URL(required("LATCHKEY_TEST_GATE_URL")).port}`;

async function service(
  instance: InstanceName,
  given: {
    host: string;
    preset: PresetId;
    url: string;
    label: string | null;
    more?: readonly WrittenRoute[];
  },
): Promise<void> {
  const { host, preset, url, label, more = [] } = given;
  const { routes, strayParameters } = presets[preset];
  const header: string | null =
    preset === "telegram" ? null : presets[preset as "evolution" | "waha"].keyHeader;
  const id = randomUUID();
  const sealed = header && seal(JSON.stringify([[header, gatewayKey]]), `service:${id}:headers`);
  await raiseEpochOf(client, world.idOf(instance), async (accountId) => {
    await client.query(
      `INSERT INTO "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "headersSealed", "routes",
                              "strayParameters", "tokenHeader", "updatedAt")
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, now())`,
      [id, accountId, preset, url, sealed, JSON.stringify([...routes, ...more]), strayParameters, header],
    );
    await client.query(`INSERT INTO "HostName" ("name", "accountId", "serviceId") VALUES ($1, $2, $3)`, [
      `${host}.${domain}`,
      accountId,
      id,
    ]);
    await client.query(`UPDATE "Instance" SET "serviceId" = $1, "label" = $2 WHERE "id" = $3`, [
      id,
      label,
      world.idOf(instance),
    ]);
  });
}

beforeAll(async () => {
  [evolution, waha] = await Promise.all([startGateway("evolution"), startGateway("waha")]);
  telegram = await startUpstreamServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const result = request.url?.endsWith("/getMe")
      ? { id: 7, is_bot: true, first_name: "Shop", username: "shop_bot" }
      : { message_id: 1, date: 0, chat: { id: 1, type: "private" }, text: "hello" };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ok: true, result }));
  });
  const database = required("DATABASE_URL");
  closing.push(await seedWorld(database, world, evolution.url));
  closing.push(evolution.close, waha.close, telegram.close, () => agent.destroy());
  client = new pg.Client({ connectionString: database });
  await client.connect();
  await raiseEpochOf(client, world.idOf("closed"), async (accountId) => {
    await client.query(`INSERT INTO "HostName" ("name", "accountId", "instanceId") VALUES ($1, $2, $3)`, [
      `alone.${domain}`,
      accountId,
      world.idOf("closed"),
    ]);
  });
  const sockets = [{ template: "/socket.io", query: "instance" }];
  await service("closed echo", {
    host: "evolution",
    preset: "evolution",
    url: evolution.url,
    label: "foo",
    more: sockets,
  });
  await service("paused", { host: "waha-paused", preset: "waha", url: waha.url, label: "foo" });
  await service("rotating", { host: "waha", preset: "waha", url: waha.url, label: "foo" });
  await service("bare", { host: "telegram", preset: "telegram", url: telegram.url, label: null });
  const known = async () =>
    (await axios.get(originOf("waha"), { httpAgent: agent, validateStatus: null })).status === 404;
  expect(await waitUntil(known, { withinMs: 10_000 })).toBe(true);
});

afterAll(async () => {
  await client.end();
  for (const close of closing.reverse()) await close();
});

describe("a socket.io client", () => {
  const places = [
    ["under an instance's own host", "alone", "/", {}],
    ["in a namespace there", "alone", "/foo", {}],
    ["on a service whose route names the instance in the query", "evolution", "/foo", { instance: "foo" }],
  ] as const;

  const ways = places.flatMap(([title, ...place]) =>
    (["polling", "websocket"] as const).map((transport) => [title, transport, ...place] as const),
  );

  test.each(ways)("%s passes, by %s", async (_title, transport, host, namespace, query) => {
    const socket = io(originOf(host) + namespace, {
      transports: [transport],
      forceNew: true,
      reconnection: false,
      query,
      agent: agent as never,
      extraHeaders: { "Client-Token": token },
    });
    const [update] = await Promise.race([
      once(socket as never, "connection.update"),
      once(socket as never, "connect_error").then(([error]) => Promise.reject(error)),
    ]);
    expect(update).toEqual({ instance: namespace.slice(1), state: "open" });
    expect(await socket.emitWithAck("say", "hello")).toBe(`${namespace} hello`);
    expect(socket.io.engine.transport.name).toBe(transport);
    socket.close();
  });

  test.each([
    ["without the token", "alone", {}, {}],
    [
      "for an instance that the service does not know",
      "evolution",
      { instance: "bar" },
      { "Client-Token": token },
    ],
    ["for none", "evolution", {}, { "Client-Token": token }],
    [
      "that names its own where the server does not look",
      "evolution",
      {},
      { "Client-Token": token },
      "x/foo",
    ],
  ])("%s does not get in", async (_title, host, query, extraHeaders, below = "") => {
    for (const transport of ["polling", "websocket"]) {
      const path = `/socket.io/${below}`;
      const open = { forceNew: true, reconnection: false, path };
      const options = { ...open, transports: [transport], query, extraHeaders };
      const socket = io(originOf(host), { ...options, agent: agent as never });
      await once(socket as never, "connect_error");
      socket.close();
    }
  });
});

describe("axios with apikey, as callers of Evolution have it", () => {
  const evo = (apikey: string, host = "evolution") =>
    axios.create({ baseURL: originOf(host), headers: { apikey }, httpAgent: agent, validateStatus: null });

  test("reaches its instance with the token in the place of the key, and nothing else", async () => {
    const sent = await evo(token).post("/message/sendText/foo", { number: "5511999999999", text: "hello" });
    expect([sent.status, sent.data.instance]).toEqual([201, "foo"]);
    expect(sent.headers.vary, "no cache gives it to who brings another token").toBe("Client-Token, apikey");
    expect((await evo(token).get("/instance/connectionState/foo")).data.instance.state).toBe("open");
    const elsewhere = [
      await evo(token).post("/message/sendText/bar", {}),
      await evo(token).get("/instance/fetchInstances"),
      await evo(token).delete("/instance/delete/bar"),
    ];
    expect(elsewhere.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await evo("wrong").post("/message/sendText/foo", {})).data).toEqual({
      error: "null not allowed",
    });
    expect(new Set(evolution.reached)).toEqual(new Set(["foo"]));
    expect(evolution.headers.join()).not.toContain(token);
  });

  test("the session of WAHA in a body, and its errors in its own words", async () => {
    const headers = { "X-Api-Key": world.clientTokenOf("rotating", "current") };
    const caller = axios.create({
      baseURL: originOf("waha"),
      headers,
      httpAgent: agent,
      validateStatus: null,
    });
    const sent = await caller.post("/api/sendText", { session: "foo", chatId: "1@c.us", text: "hello" });
    expect([sent.status, sent.data.session]).toEqual([201, "foo"]);
    expect((await caller.post("/api/sendText", { session: "bar" })).status).toBe(404);
    expect((await caller.get("/ping")).data).toEqual({ message: "pong" });
    expect(waha.reached.every((session) => session === "foo")).toBe(true);
  });
});

test("a WebSocket of WAHA passes for the session it names, with the token in its own header and WAHA's key in its query", async () => {
  const open = (session: string, headers: Record<string, string>, key = sessionKeyOf("foo")) => {
    const query = new URLSearchParams({ session, events: "*", "x-api-key": key });
    return new WebSocket(`${originOf("waha").replace("http", "ws")}/ws?${query}`, { headers, agent });
  };
  const headers = { "X-Api-Key": world.clientTokenOf("rotating", "current") };
  const socket = open("foo", headers);
  const [message] = await once(socket, "message");
  expect(JSON.parse(String(message))).toEqual({ event: "session.status", session: "foo" });
  socket.close();
  const [code] = await once(open("foo", headers, sessionKeyOf("bar")), "close");
  expect(code).toBe(1008);
  for (const [session, given] of [
    ["bar", headers],
    ["*", headers],
    ["foo", {}],
  ] as const) {
    const refused = open(session, given);
    await once(refused, "unexpected-response");
    refused.on("error", () => {}).terminate();
  }
});

test("a bot of grammY works with nothing but another apiRoot", async () => {
  const bot = new Bot(world.instanceTokenOf("bare"), {
    client: { apiRoot: originOf("telegram"), baseFetchConfig: { agent } as never },
  });
  expect(await bot.api.getMe()).toMatchObject({ username: "shop_bot" });
  expect(await bot.api.sendMessage(1, "hello")).toMatchObject({ text: "hello" });
  expect(asked).toEqual([
    `POST /bot${world.instanceTokenOf("bare")}/getMe`,
    `POST /bot${world.instanceTokenOf("bare")}/sendMessage`,
  ]);
  const other = new Bot("1:x", {
    client: { apiRoot: originOf("telegram"), baseFetchConfig: { agent } as never },
  });
  await expect(other.api.getMe()).rejects.toThrow();
  expect(asked).toHaveLength(2);
});
