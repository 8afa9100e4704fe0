import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "@/server/processes";
import { onDatabase } from "../support/database";
import { type HeaderLine, rejected } from "./case";
import { openSocketDoor, required, type SocketDoor } from "./live-world";
import { addPresetService } from "./naming";
import { rawConnect, rawHead } from "./raw-client";

const doors = [
  ["the gate", "gate", "LATCHKEY_TEST_GATE_URL"],
  ["the route handler", "route-handler", "LATCHKEY_TEST_DASHBOARD_URL"],
] as const;

const mib = 1024 * 1024;

/** A picture of that many bytes in Base64, as `sendImage` has it. */
const image = (bytes: number, more = "") =>
  `{"session":"bakery","chatId":"1@c.us","file":{"mimetype":"image/png","data":"${"QUJD".repeat(bytes / 4)}"}${more}}`;

const inChunks = (text: string, size: number) => {
  let chunks = "";
  for (let at = 0; at < text.length; at += size) {
    const part = text.slice(at, at + size);
    chunks += `${part.length.toString(16)}\r\n${part}\r\n`;
  }
  return `${chunks}0\r\n\r\n`;
};

describe.each(doors)("where the body names the instance, at %s", (_name, kind, variable) => {
  let door: SocketDoor;
  const host = `waha-${kind}.example.com`;
  const target = "/api/sendImage";

  const linesWith = (more: readonly HeaderLine[]): HeaderLine[] => [
    ["Host", host],
    ["Client-Token", door.world.clientTokenOf("rotating", "current")],
    ...(more.some(([name]) => name === "Content-Type")
      ? []
      : [["Content-Type", "application/json"] as const]),
    ...more,
  ];

  async function post(body: string, more: readonly HeaderLine[] = []) {
    const framed = more.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
    const length: HeaderLine = ["Content-Length", String(body.length)];
    const headers = linesWith(framed ? more : [length, ...more]);
    const entry = { name: "", instance: "rotating", method: "POST", target, expect: { status: 0 } } as const;
    const { answer, received } = await door.run({ ...entry, headers, body }, { body: "ok" });
    const reason = answer.headers.find(([name]) => name === "latchkey-reason")?.[1] ?? null;
    return { status: answer.status, reason, error: answer.body, received };
  }

  const refused = (status: number, error: string, reason: string) => {
    const { reason: told } = rejected(status, error, reason);
    return { status, reason: told, error: JSON.stringify({ error }), received: [] };
  };

  beforeAll(async () => {
    door = await openSocketDoor(kind, required(variable));
    await onDatabase(required("DATABASE_URL"), (client) =>
      addPresetService(client, door, { of: "rotating", preset: "waha", label: "bakery", host }),
    );
    const isKnown = async () => (await post('{"session":"bakery"}')).status === 200;
    expect(await waitUntil(isKnown, { withinMs: 10_000 })).toBe(true);
  });

  afterAll(() => door.close());

  test.each([
    ["a message", () => '{ "chatId": "1@c.us",\n "session":"bakery", "text":"\xc3\xa9" }'],
    ["a picture of 5 MB", () => image(5 * mib)],
  ])("the bytes of %s that were read are the bytes that go on", async (_title, make) => {
    const body = make();
    const { status, received } = await post(body);
    expect([status, received.length, received[0]?.target]).toEqual([200, 1, target]);
    expect(received[0]?.body === body).toBe(true);
  });

  test.each([
    ["chunks as they come", 60_000],
    ["very small chunks", 100],
  ])("without a length, in %s, the same arrives", async (_title, size) => {
    const body = image(mib);
    const sent = await post(inChunks(body, size), [["Transfer-Encoding", "chunked"]]);
    expect([sent.status, sent.received[0]?.body === body]).toEqual([200, true]);
  });

  test.each<[string, () => string, readonly HeaderLine[]]>([
    ["none", () => "{}", []],
    ["two", () => '{"session":"bakery","session":"other"}', []],
    ["two that differ by case", () => '{"session":"bakery","Session":"other"}', []],
    ["two, the second behind a megabyte", () => image(mib, ',"s\\u0065ssion":"other"'), []],
    ["no text", () => '{"session":["bakery"]}', []],
    ["no JSON", () => "session=bakery", []],
    ["no end", () => image(mib).slice(0, -1), []],
    ["levels without end", () => `{"a":${"[".repeat(mib)}`, []],
    ["another type", () => '{"session":"bakery"}', [["Content-Type", "text/plain"]]],
    ["a coding", () => '{"session":"bakery"}', [["Content-Encoding", "gzip"]]],
    ["a type that stays behind", () => '{"session":"bakery"}', [["Connection", "close, Content-Type"]]],
  ])("%s is refused", async (_title, make, headers) => {
    expect(await post(make(), headers)).toEqual(refused(400, "Invalid body", "invalid_body"));
  });

  test("what is longer than may be is refused before it is sent", async () => {
    const large = refused(413, "Body too large", "body_too_large");
    expect(await post("{", [["Content-Length", String(65 * mib)]])).toEqual(large);
  });

  test("another's name is nobody, however large the body is", async () => {
    const body = image(mib).replace("bakery", "Bakery");
    expect(await post(body)).toEqual(refused(404, "Instance not found", "unknown_instance"));
  });

  test("of a body that breaks off nothing arrives, and the next one does", async () => {
    const body = image(mib);
    const before = await post('{"session":"bakery"}');
    expect(before.status).toBe(200);
    const socket = await rawConnect(required(variable));
    const headers = linesWith([["Content-Length", String(body.length)]]);
    socket.write(rawHead({ method: "POST", target, headers }, host) + body.slice(0, -10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await once(socket, "close");
    expect((await post(body)).received).toHaveLength(1);
  });

  if (kind === "gate")
    test("a client that waits for 100 gets it before its body is read", async () => {
      expect((await post('{"session":"bakery"}', [["Expect", "100-continue"]])).status).toBe(200);
    });
});
