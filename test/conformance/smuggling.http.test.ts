import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LiveWorld, required, startWorld } from "./live-world";
import { rawConnect } from "./raw-client";
import { Recorder } from "./upstreams";

const silentMs = 400;

/** Writes bytes and reads what comes back until the server closes or falls silent. */
async function talk(bytes: string): Promise<string> {
  const socket = await rawConnect(required("LATCHKEY_TEST_GATE_URL"));
  let text = "";
  await new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, silentMs * 4);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(resolve, silentMs);
    });
    socket.on("close", () => resolve());
    socket.on("error", () => resolve());
    socket.write(Buffer.from(bytes, "latin1"));
  });
  socket.destroy();
  return text;
}

const statusesIn = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe("requests that two parsers could read differently", () => {
  const recorder = new Recorder();
  let live: LiveWorld;
  let target: string;

  beforeAll(async () => {
    live = await startWorld((request, response) => void recorder.listener(request, response));
    target = live.world.baseOf("open");
  });

  beforeEach(() => recorder.expect({ headers: [["Content-Length", "2"]], body: "ok" }));

  afterAll(() => live.close());

  const head = (lines: readonly string[], method = "POST") =>
    [`${method} ${target}/x HTTP/1.1`, "Host: gate.example", ...lines, "", ""].join("\r\n");
  const smuggled = () => `GET ${target}/smuggled HTTP/1.1\r\nHost: gate.example\r\n\r\n`;

  test.each<[string, readonly string[], string]>([
    ["a length and a coding", ["Content-Length: 4", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["a coding and a length", ["Transfer-Encoding: chunked", "Content-Length: 4"], "0\r\n\r\n"],
    ["two lengths", ["Content-Length: 0", "Content-Length: 5"], "abcde"],
    ["the same length twice", ["Content-Length: 5", "Content-Length: 5"], "abcde"],
    ["a list of lengths", ["Content-Length: 5, 5"], "abcde"],
    ["a signed length", ["Content-Length: +5"], "abcde"],
    ["a negative length", ["Content-Length: -1"], ""],
    ["a hexadecimal length", ["Content-Length: 0x5"], "abcde"],
    ["a length with a space inside", ["Content-Length: 5 5"], "abcde"],
    ["a length beyond counting", ["Content-Length: 99999999999999999999999999"], "abcde"],
    ["a coding that is unknown", ["Transfer-Encoding: xchunked"], "0\r\n\r\n"],
    ["a coding before chunked", ["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"],
    ["chunked twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["chunked that is not last", ["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"],
    ["a coding behind a vertical tab", ["Transfer-Encoding: \x0bchunked"], "0\r\n\r\n"],
    ["a space before a colon", ["Content-Length : 5"], "abcde"],
    ["a folded line", ["X-Folded: a", " b"], ""],
    [
      "a folded line that hides a coding",
      ["X: a", "\tTransfer-Encoding: chunked", "Content-Length: 5"],
      "abcde",
    ],
    ["a line that starts with a space", [" Content-Length: 5"], "abcde"],
    ["a name with a character too many", ["Content[Length]: 5"], "abcde"],
    ["a NUL in a value", ["X-Nul: a\0b"], ""],
    ["a bare CR in a value", ["X-Cr: a\rContent-Length: 5"], ""],
    ["two hosts", ["Host: other.example"], ""],
  ])("%s: refused", async (_name, lines, body) => {
    const answer = await talk(head(lines) + body + smuggled());
    expect(statusesIn(answer)).toHaveLength(1);
    expect(statusesIn(answer)[0]).toBeGreaterThanOrEqual(400);
    expect(answer).not.toContain("200 OK");
    expect(recorder.received).toEqual([]);
  });

  test.each([
    ["bare line feeds", () => head([]).replaceAll("\r\n", "\n")],
    ["a bare line feed at the end of the head", () => head(["X: a"]).replace(/\r\n\r\n$/, "\n\n")],
    ["no host", () => `GET ${target}/x HTTP/1.1\r\n\r\n`],
    ["HTTP/0.9", () => `GET ${target}/x\r\n\r\n`],
    ["HTTP/2", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a version that is none", () => `GET ${target}/x HTTP/1.1x\r\nHost: a\r\n\r\n`],
    ["a method that is none", () => `G@T ${target}/x HTTP/1.1\r\nHost: a\r\n\r\n`],
    ["a head of 100 KB", () => head([`X-Long: ${"a".repeat(100_000)}`])],
    ["TLS", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ])("%s: refused", async (_name, bytes) => {
    const [status] = statusesIn(await talk(bytes() + smuggled()));
    expect(status ?? 400).toBeGreaterThanOrEqual(400);
    expect(recorder.received).toEqual([]);
  });

  test.each([
    ["that is no number", "zz\r\nabc\r\n0\r\n\r\n"],
    ["with a sign", "+3\r\nabc\r\n0\r\n\r\n"],
    ["with a prefix", "0x3\r\nabc\r\n0\r\n\r\n"],
    ["that is too large", `${"f".repeat(20)}\r\nabc\r\n0\r\n\r\n`],
    ["smaller than its data", "2\r\nabc\r\n0\r\n\r\n"],
    ["ended by a bare line feed", "3\nabc\r\n0\r\n\r\n"],
    ["whose data ends without a line break", "3\r\nabc0\r\n\r\n"],
  ])("a chunk size %s never ends the body", async (_name, body) => {
    await talk(head(["Transfer-Encoding: chunked"]) + body + smuggled());
    expect(recorder.received.map(({ body: got }) => got)).not.toContain("abc");
    expect(recorder.received.map(({ target: got }) => got)).not.toContain("/smuggled");
  });

  test("what is inside a body is never a request", async () => {
    const answer = await talk(head([`Content-Length: ${smuggled().length}`]) + smuggled());
    expect(statusesIn(answer)).toEqual([200]);
    expect(recorder.received).toHaveLength(1);
    expect(recorder.received[0]).toMatchObject({ target: "/x", body: smuggled() });
  });

  test("requests in a row are each decided and answered in order", async () => {
    const closed = `${live.world.baseOf("closed")}/y`;
    const denied = `GET ${closed} HTTP/1.1\r\nHost: gate.example\r\n\r\n`;
    const answer = await talk(head([], "GET") + denied + head([], "GET"));
    expect(statusesIn(answer)).toEqual([200, 403, 200]);
    expect(recorder.received.map(({ target: got }) => got)).toEqual(["/x", "/x"]);
  });

  test("a rejected request with a body does not leave the body to be read as a request", async () => {
    const closed = `${live.world.baseOf("closed")}/y`;
    const body = smuggled();
    const answer = await talk(
      `POST ${closed} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length + 5}\r\n\r\n${body}`,
    );
    expect(statusesIn(answer)).toEqual([403]);
    expect(recorder.received).toEqual([]);
  });
});
