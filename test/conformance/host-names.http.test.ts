import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import type { PresetId } from "@/lib/domain/preset";
import { waitUntil } from "@/server/processes";
import type { HeaderLine } from "./case";
import { openSocketDoor, required, type SocketDoor } from "./live-world";
import { addPresetService } from "./naming";
import { raiseEpochOf } from "./seed";
import { type InstanceName, instances } from "./world";

const domain = `${randomUUID()}.example.com`;
const hostOf = (name: string) => `${name.replaceAll(/\W/g, "-")}.${domain}`;

let door: SocketDoor;
let client: pg.Client;

const idOf = (name: InstanceName) => door.world.idOf(name);
const base = () => required("LATCHKEY_TEST_GATE_URL");

const addService = (of: InstanceName, preset: PresetId, label: string | null) =>
  addPresetService(client, door, { of, preset, label, host: hostOf(`${preset} ${of}`) });

beforeAll(async () => {
  door = await openSocketDoor("gate", base());
  client = new pg.Client({ connectionString: required("DATABASE_URL") });
  await client.connect();
  for (const name of Object.keys(instances) as InstanceName[]) {
    await raiseEpochOf(client, idOf(name), async (accountId) => {
      await client.query(`INSERT INTO "HostName" ("name", "accountId", "instanceId") VALUES ($1, $2, $3)`, [
        hostOf(name),
        accountId,
        idOf(name),
      ]);
    });
  }
  await addService("closed echo", "evolution", "bakery");
  await addService("open", "evolution", "bakery");
  await addService("bare", "telegram", null);
  const known = async () => (await ask("telegram bare", "/nowhere")).status === 404;
  if (!(await waitUntil(known, { withinMs: 10_000 }))) throw new Error("the gate does not know its hosts");
});

afterAll(async () => {
  await client.end();
  await door.close();
});

async function ask(
  host: string,
  target: string,
  { headers = [], ...more }: { method?: string; headers?: readonly HeaderLine[]; body?: string } = {},
) {
  const { answer, received } = await door.run(
    {
      name: "",
      instance: "open",
      target,
      headers: [["Host", hostOf(host)], ...headers],
      expect: { status: 0 },
      ...more,
    },
    { body: "ok" },
  );
  const reason = answer.headers.find(([name]) => name === "latchkey-reason")?.[1] ?? null;
  return { status: answer.status, body: answer.body, reason, received };
}

describe("under a host name", () => {
  test("the whole path goes on, byte for byte, and the contract's own path is there too", async () => {
    const target = "/a/b%20c;d=1/?q=%2F&x";
    expect((await ask("watched", target)).received).toMatchObject([{ target }]);
    const own = await ask("watched", `${door.world.baseOf("closed")}/x`);
    expect(own).toMatchObject({ status: 403, reason: "missing" });
  });

  test.each(["/../x", "/a/%2e%2e/x", "/a\\b"])("%s is refused", async (target) => {
    expect(await ask("watched", target)).toMatchObject({ status: 400, reason: "invalid_path", received: [] });
  });

  test("nothing is the dashboard's", async () => {
    for (const target of ["/login", "/healthz", "/api/session"])
      expect((await ask("watched", target)).received).toMatchObject([{ target }]);
  });
});

describe("on a service's host", () => {
  const token = () => door.world.clientTokenOf("closed", "current");
  const sent = "/message/sendText/bakery";

  test("endpoint rules are about the path as its routes see it", async () => {
    const rules = async (mode: string) =>
      raiseEpochOf(client, idOf("closed echo"), async () => {
        await client.query(
          `UPDATE "Instance" SET "endpointMode" = $2::"AddressMode", "endpointRules" = $3 WHERE "id" = $1`,
          [idOf("closed echo"), mode, ["DELETE /instance/delete/{instance}"]],
        );
      });
    const call = (method: string, target: string) =>
      ask("evolution closed echo", target, { method, headers: [["Client-Token", token()]] });
    await rules("enforce");
    const gone = "/instance/delete/bakery";
    await expect.poll(async () => (await call("DELETE", gone)).reason).toBe("endpoint");
    expect(await call("DELETE", gone)).toMatchObject({
      status: 403,
      body: '{"error":"Endpoint not allowed"}',
    });
    expect((await call("DELETE", "/Instance/Delete/bakery")).reason).toBe("endpoint");
    expect((await call("POST", sent)).status).toBe(200);
    await rules("off");
    await expect.poll(async () => (await call("DELETE", gone)).status).toBe(200);
  });

  test.each([
    ["/message/sendText/Bakery", 404, "Instance not found", "unknown_instance"],
    ["/message/sendText/other", 404, "Instance not found", "unknown_instance"],
    ["/instance/fetchInstances", 404, "Not found", "not_found"],
    ["/message/sendText/bakery?instanceName=other", 404, "Not found", "not_found"],
    ["/message/sendText/bakery?x=/instance/create", 404, "Not found", "not_found"],
    ["/message/sendText/b%61kery", 404, "Not found", "not_found"],
    ["/login", 404, "Not found", "not_found"],
    ["/message/sendText/bakery", 403, "null not allowed", "missing"],
  ])("%s is answered %i %s", async (target, status, error, reason) => {
    const answer = await ask("evolution closed echo", target);
    expect(answer).toEqual({ status, reason, body: JSON.stringify({ error }), received: [] });
  });

  test.each(["Client-Token", "apikey", "ApiKey"])(
    "the token in %s passes, and goes no further; the service's key goes in its place",
    async (name) => {
      const headers: HeaderLine[] = [[name, token()]];
      const { received, status } = await ask("evolution closed echo", sent, { headers });
      expect(status).toBe(200);
      const lines = received[0]?.headers ?? [];
      expect(lines.filter(([field]) => field === "apikey")).toEqual([["apikey", "global-key"]]);
      expect(JSON.stringify(lines)).not.toContain(token());
    },
  );

  test("the same token twice is one, and two different ones are refused", async () => {
    const retiring = door.world.clientTokenOf("closed", "retiring");
    const twice = (other: string): HeaderLine[] => [
      ["Client-Token", token()],
      ["apikey", other],
    ];
    expect((await ask("evolution closed echo", sent, { headers: twice(token()) })).status).toBe(200);
    expect(await ask("evolution closed echo", sent, { headers: twice(retiring) })).toMatchObject({
      status: 403,
      reason: "duplicate",
      received: [],
    });
  });

  test("while nothing is enforced, a caller goes on with the key it has sent, and with no other", async () => {
    const { received } = await ask("evolution open", sent, { headers: [["apikey", "callers-own"]] });
    expect(received[0]?.headers).toContainEqual(["apikey", "callers-own"]);
    const without = await ask("evolution open", sent);
    expect(without.received[0]?.headers.map(([name]) => name)).not.toContain("apikey");
    const dead = await ask("evolution open", sent, { headers: [["apikey", token()]] });
    expect(dead.received[0]?.headers.map(([name]) => name)).not.toContain("apikey");
  });

  test("a token of another account opens nothing", async () => {
    const headers: HeaderLine[] = [["Client-Token", door.world.clientTokenOf("open", "current")]];
    expect(await ask("evolution closed echo", sent, { headers })).toMatchObject({
      status: 403,
      received: [],
    });
  });

  test.each(["X-HTTP-Method-Override", "X_Rewrite_Url", "X-Original-URL"])(
    "a request that asks in %s to be taken for another one is nobody's",
    async (name) => {
      const headers: HeaderLine[] = [
        ["Client-Token", token()],
        [name, "/instance/fetchInstances"],
      ];
      const answer = await ask("evolution closed echo", sent, { headers });
      expect(answer).toMatchObject({ status: 404, reason: "not_found", received: [] });
    },
  );

  test("HEAD is there where GET is, and a target in absolute form is as good as Host", async () => {
    expect((await ask("evolution closed echo", "/", { method: "HEAD" })).status).toBe(200);
    const target = `http://${hostOf("evolution closed echo")}:8080${sent}`;
    const { status, received } = await ask("watched", target, { headers: [["Client-Token", token()]] });
    expect([status, received[0]?.target]).toEqual([200, sent]);
    expect((await ask("watched", "http://nobodys.example.net/x")).status).toBe(421);
  });

  test("a public page passes without a key", async () => {
    const { received, status } = await ask("evolution closed echo", "/", { headers: [["apikey", token()]] });
    expect(status).toBe(200);
    expect(received[0]?.headers.map(([name]) => name)).not.toContain("apikey");
  });
});

describe("where the credential names the instance", () => {
  test("it is found by it, and by no other", async () => {
    const found = await ask("telegram bare", `/bot${door.world.instanceTokenOf("bare")}/getMe`);
    expect(found).toMatchObject({ status: 200 });
    expect(found.received[0]?.headers).toContainEqual(["apikey", "global-key"]);
    expect(await ask("telegram bare", "/bot1:x/getMe")).toMatchObject({
      status: 404,
      reason: "unknown_instance",
    });
  });
});

test("a change of a service counts from its announcement on", async () => {
  await raiseEpochOf(client, idOf("open"), async () => {
    await client.query(`DELETE FROM "HostName" WHERE "name" = $1`, [hostOf("evolution open")]);
  });
  const given = async () => (await ask("evolution open", "/message/sendText/bakery")).received.length === 0;
  expect(await waitUntil(given, { withinMs: 5000 })).toBe(true);
});

test("a WebSocket under a host name is decided like any request", async () => {
  const open = (host: string, headers = {}) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${base().replace("http", "ws")}/socket.io/?EIO=4`, {
        headers: { host: hostOf(host), ...headers },
      });
      socket.on("unexpected-response", (_request, { statusCode = 0 }) => resolve(statusCode));
      socket.on("error", () => resolve(0));
    });
  expect(await open("closed")).toBe(403);
  // The upstream of these tests speaks none, and says so itself.
  const token = door.world.clientTokenOf("closed", "current");
  expect(await open("closed", { "client-token": token })).toBe(200);
});
