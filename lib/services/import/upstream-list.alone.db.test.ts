import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { ImportPreview } from "@/lib/domain/instance-import";
import { makeActor, refusedWith } from "@/test/support/accounts";
import { createService } from "../services/change";
import { importInstances, previewImport } from "./import";

const settings = vi.hoisted(() => ({ allowPrivateUpstreams: true }));

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  return { ...real, config: () => ({ ...real.config(), ...settings }) };
});

let actor: Actor;
let server: Server;
let url: string;
const asked: { url: string | undefined; apikey: unknown }[] = [];
let answer: { status: number; text: string; headers?: Record<string, string> };

beforeEach(async () => {
  settings.allowPrivateUpstreams = true;
  actor = await makeActor();
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push({ url: request.url, apikey: request.headers.apikey });
    response.writeHead(answer.status, answer.headers).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

const service = async (preset: string) => {
  const headers = [{ name: "apikey", value: "global-key" }];
  return (await createService(actor, { name: "Api", preset, upstreamUrl: url, headers })).serviceId;
};
const evolution = () => service("evolution");
const secret = () => randomBytes(16).toString("hex");
const errorsOf = ({ lines }: ImportPreview) =>
  lines.map(({ line, errors }) => [line, ...errors.map(({ field, code }) => `${field}:${code}`)].join(" "));
const list = (serviceId: string) => previewImport(actor, { serviceId });

test("what Evolution lists is imported with its tokens, asked for with the service's key", async () => {
  const sessions = Array.from({ length: 40 }, (_, n) => ({
    id: randomUUID(),
    name: `shop-${n}`,
    token: secret(),
  }));
  answer = { status: 200, text: JSON.stringify(sessions) };
  const serviceId = await evolution();
  const { plan, ready, form } = await list(serviceId);
  expect([ready, form]).toEqual([40, "list"]);
  expect(await importInstances(actor, { serviceId, plan })).toEqual({ imported: 40 });
  expect(asked[0]).toEqual({ url: "/instance/fetchInstances", apikey: "global-key" });
  const digest = new Uint8Array(instanceTokenDigest(sessions[7]?.token ?? ""));
  expect(await db.instance.findFirst({ where: { serviceId, label: "shop-7" } })).toMatchObject({
    tokenDigest: digest,
  });
  const fresh = { id: randomUUID(), name: "shop-40", token: secret() };
  answer = { status: 200, text: JSON.stringify([...sessions, fresh]) };
  const again = await list(serviceId);
  expect([errorsOf(again), again.ready, again.here], "read again, only what is new is a line").toEqual([
    ["41"],
    1,
    40,
  ]);
  await importInstances(actor, { serviceId, plan: again.plan });
  expect(await list(serviceId)).toMatchObject({ lines: [], ready: 0, failing: 0, here: 41 });
});

test("names that differ by case are two sessions and one name", async () => {
  answer = { status: 200, text: JSON.stringify([{ name: "Shop" }, { name: "shop" }, { name: "a b" }]) };
  expect(errorsOf(await list(await evolution()))).toEqual(["1", "2 name:line_case", "3 label:label_invalid"]);
});

test.each([
  ["a web page", { status: 200, text: "<!doctype html><title>Manager</title>" }, "list_html"],
  ["no JSON", { status: 200, text: "ok" }, "list_no_json"],
  ["something else", { status: 200, text: '{"status":"ok"}' }, "list_shape"],
  ["a list of something else", { status: 200, text: "[1,2]" }, "list_shape"],
  ["nothing yet", { status: 200, text: "[]" }, "list_empty"],
  ["a refused key", { status: 401, text: "{}" }, "list_key"],
  ["a redirect", { status: 302, text: "", headers: { location: "http://127.0.0.1:1/" } }, "list_status"],
  ["too much", { status: 200, text: `"${"x".repeat(21 * 1024 * 1024)}"` }, "list_too_large"],
])("%s is told as what it is", async (_, given, code) => {
  answer = given;
  expect(await refusedWith(list(await evolution()))).toBe(`invalid list:${code}`);
  expect(asked).toHaveLength(1);
});

test("a private address is not asked, and a preset without a list says so", async () => {
  answer = { status: 200, text: "[]" };
  const [serviceId, other] = [await evolution(), await service("any")];
  settings.allowPrivateUpstreams = false;
  const refused = await list(serviceId).catch((error) => error.fields);
  expect(refused).toEqual([{ field: "list", code: "list_unreachable", params: { why: "private" } }]);
  expect(asked).toHaveLength(0);
  expect(await refusedWith(list(other))).toBe("invalid list:list_none");
});
