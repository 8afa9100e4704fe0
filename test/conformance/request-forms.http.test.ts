import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { required } from "./live-world";
import { rawConnect } from "./raw-client";
import { seedWorld } from "./seed";
import { startWireUpstream, type WireUpstream } from "./upstreams";
import { makeWorld } from "./world";

const silentMs = 400;
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Writes bytes and reads what comes back until the gate closes or falls silent. */
async function talk(bytes: string): Promise<{ text: string; closed: boolean }> {
  const socket = await rawConnect(required("LATCHKEY_TEST_GATE_URL"));
  let text = "";
  const closed = await new Promise<boolean>((resolve) => {
    let timer = setTimeout(resolve, silentMs * 4, false);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(resolve, silentMs, false);
    });
    for (const event of ["close", "error", "end"]) socket.on(event, () => resolve(true));
    socket.write(Buffer.from(bytes, "latin1"));
  });
  socket.destroy();
  return { text, closed };
}

describe("a request, however it is written", () => {
  const world = makeWorld(randomUUID());
  const target = `${world.baseOf("open")}/x`;
  const locked = `${world.baseOf("closed")}/x`;
  let upstream: WireUpstream;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    upstream = await startWireUpstream();
    remove = await seedWorld(required("DATABASE_URL"), world, upstream.url);
  });

  beforeEach(() => upstream.say({ bytes: ok }));

  afterAll(async () => {
    await remove();
    await upstream.close();
  });

  const head = (line: string, ...lines: readonly string[]) =>
    [line, "Host: gate.example", ...lines, "", ""].join("\r\n");
  const post = (...lines: readonly string[]) => head(`POST ${target} HTTP/1.1`, ...lines);
  const asks = ["Connection: Upgrade", "Upgrade: websocket"];
  const version = "Sec-WebSocket-Version: 13";
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  const upgrade = (...lines: readonly string[]) => head(`GET ${target} HTTP/1.1`, ...asks, ...lines);

  /** One answer, whole and in JSON, from which on nothing is read. */
  async function refused(bytes: string, statusLine: string, error: string): Promise<string> {
    const { text, closed } = await talk(bytes);
    expect(text.split("\r\n")[0]).toBe(`HTTP/1.1 ${statusLine}`);
    const body = JSON.stringify({ error });
    expect(text).toContain(`content-type: application/json\r\ncontent-length: ${body.length}\r\n`);
    expect(text.endsWith(`\r\n\r\n${body}`)).toBe(true);
    expect(closed).toBe(true);
    expect(upstream.requests).toEqual([]);
    return text;
  }

  test.each([
    ["another", "Expect: banana"],
    ["another in a list with the one there is", "Expect: 100-continue, banana"],
    ["the one there is with a parameter", "Expect: 100-continue;q=1"],
    ["another in a line of its own", "Expect: 100-continue\r\nExpect: banana"],
  ])("an expectation, %s: 417", async (_name, line) => {
    await refused(
      `${post(line, "Content-Length: 2")}ok`,
      "417 Expectation Failed",
      "Expectation not supported",
    );
  });

  test("a refusal reaches a client that goes on sending", async () => {
    const body = "x".repeat(1_000_000);
    const bytes = post("Expect: banana", `Content-Length: ${body.length + 1}`) + body;
    const { text } = await talk(bytes);
    expect(text).toContain('\r\n\r\n{"error":"Expectation not supported"}');
  });

  test.each([
    ["in capitals", "Expect: 100-Continue", true],
    ["as a list", "Expect: , 100-continue ,", true],
    ["empty", "Expect:", false],
  ])("an expectation that is met passes: %s", async (_name, line, continues) => {
    const { text } = await talk(`${post(line, "Content-Length: 2")}ok`);
    expect(text.startsWith("HTTP/1.1 100 Continue\r\n\r\n")).toBe(continues);
    expect(text).toContain("HTTP/1.1 200 OK");
  });

  test("HTTP/1.0 gets no 100, no chunks and a closed connection", async () => {
    upstream.say({ bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" });
    const { text, closed } = await talk(
      `POST ${target} HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.toLowerCase()).not.toContain("transfer-encoding");
    expect(text.endsWith("\r\n\r\nok")).toBe(true);
    expect(closed).toBe(true);
  });

  test("HTTP/1.0 gets no informational answers", async () => {
    upstream.say({
      bytes: `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${ok}`,
    });
    expect((await talk(`GET ${target} HTTP/1.0\r\n\r\n`)).text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect((await talk(head(`GET ${target} HTTP/1.1`))).text).toMatch(
      /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 103 Early Hints\r\nLink: <\/instances\/[^>]+\/a>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/i,
    );
  });

  test("HTTP/1.0 in chunks is the last request of its connection", async () => {
    const bytes = `POST ${target} HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const { text, closed } = await talk(`${bytes}2\r\nok\r\n0\r\n\r\n`);
    expect(text).toContain("200 OK");
    expect(closed).toBe(true);
  });

  test.each([
    ["without a key", () => upgrade(version)],
    ["with a key that is too short", () => upgrade(version, "Sec-WebSocket-Key: eA==")],
    ["with two keys", () => upgrade(version, key, key)],
    ["with a body of known length", () => `${upgrade(version, key, "Content-Length: 2")}ok`],
    ["with a body in chunks", () => `${upgrade(version, key, "Transfer-Encoding: chunked")}0\r\n\r\n`],
  ])("a WebSocket handshake %s: 400", async (_name, bytes) => {
    const text = await refused(bytes(), "400 Bad Request", "Invalid WebSocket handshake");
    expect(text).toContain("\r\nlatchkey-reason: websocket_handshake\r\n");
  });

  test.each([
    ["an older version", "Sec-WebSocket-Version: 8"],
    ["several versions", "Sec-WebSocket-Version: 13, 8"],
    ["no version", "X-None: 1"],
  ])("a WebSocket handshake in %s: 426, and which one is spoken", async (_name, line) => {
    const text = await refused(upgrade(line, key), "426 Upgrade Required", "WebSocket version 13 is needed");
    expect(text).toContain(
      "\r\nsec-websocket-version: 13\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n",
    );
  });

  test("a malformed handshake of one who is not let in is denied like any request", async () => {
    const bytes = `${head(`GET ${locked} HTTP/1.1`, ...asks, "Content-Length: 2")}ok`;
    await refused(bytes, "403 Forbidden", "null not allowed");
  });

  test("a handshake that two servers could read differently: 400", async () => {
    const bytes = [`GET ${target} HTTP/1.1`, ...asks, version, key, "", ""].join("\r\n");
    await refused(bytes, "400 Bad Request", "Exactly one Host is needed");
  });

  test.each([
    ["to another protocol", () => head(`GET ${target} HTTP/1.1`, "Connection: Upgrade", "Upgrade: h2c")],
    ["with POST", () => `${post(...asks, version, key, "Content-Length: 2")}ok`],
    ["with HTTP/1.0", () => [`GET ${target} HTTP/1.0`, ...asks, version, key, "", ""].join("\r\n")],
  ])("an offer to upgrade %s is ignored", async (_name, bytes) => {
    const { text } = await talk(bytes());
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]?.toLowerCase()).not.toMatch(/\r\nupgrade:|connection: upgrade/);
  });

  test("an upstream that switches to a protocol nobody asked for is a 502", async () => {
    upstream.say({
      bytes: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    });
    const { text } = await talk(upgrade(version, key));
    expect(text).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(text.endsWith('{"error":"Upstream unreachable"}')).toBe(true);
  });

  test.each([
    ["another host", "a.example:443"],
    ["an instance", locked],
  ])("CONNECT to %s: 501", async (_name, to) => {
    await refused(head(`CONNECT ${to} HTTP/1.1`), "501 Not Implemented", "CONNECT not supported");
  });

  test("OPTIONS of the server as a whole is answered", async () => {
    expect((await talk(head("OPTIONS * HTTP/1.1"))).text).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(upstream.requests).toEqual([]);
  });

  test.each([
    ["POST without a length", () => post(), /\r\ncontent-length: 0\r\n/],
    ["POST with a length of 0", () => post("Content-Length: 0"), /\r\ncontent-length: 0\r\n/],
    [
      "POST in chunks of none",
      () => `${post("Transfer-Encoding: chunked")}0\r\n\r\n`,
      /\r\ncontent-length: 0\r\n/,
    ],
    [
      "chunk extensions",
      () => `${post("Transfer-Encoding: chunked")}2;a="b;c"\r\nok\r\n0;x\r\n\r\n`,
      /\r\n2\r\nok\r\n0\r\n\r\n$/,
    ],
    [
      "trailers, which stay here",
      () => `${post("Transfer-Encoding: chunked")}2\r\nok\r\n0\r\nX-T: 1\r\n\r\n`,
      /\r\n2\r\nok\r\n0\r\n\r\n$/,
    ],
    [
      "GET with a body",
      () => `${head(`GET ${target} HTTP/1.1`, "Content-Length: 2")}ok`,
      /content-length: 2\r\n\r\nok$/,
    ],
    [
      "DELETE with a body",
      () => `${head(`DELETE ${target} HTTP/1.1`, "Content-Length: 2")}ok`,
      /content-length: 2\r\n\r\nok$/,
    ],
  ])("%s", async (_name, bytes, expected) => {
    // The second one shows that the end of the first was found.
    const { text } = await talk(bytes() + head(`GET ${target}/next HTTP/1.1`));
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(upstream.requests).toHaveLength(2);
    // Requests in a row are asked side by side.
    expect(upstream.requests.find((request) => !request.includes("/next "))).toMatch(expected);
  });

  test("an answer that comes before the end of a body is the last of its connection", async () => {
    const socket = await rawConnect(required("LATCHKEY_TEST_GATE_URL"));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.write(post("Transfer-Encoding: chunked"));
    socket.write("2\r\nok\r\n");
    // The upstream has not seen the end, and answers all the same.
    await expect.poll(() => upstream.partial).toMatch(/\r\n2\r\nok/);
    upstream.interrupt();
    await expect.poll(() => text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*ok$/is);
    socket.destroy();
  });
});
