import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { HeaderLine } from "./case";
import { type LiveWorld, liveDoors, required, startWorld } from "./live-world";
import { rawConnect, rawExchange } from "./raw-client";
import { Recorder } from "./upstreams";

const limit = 100;
const tooLarge = '{"error":"Request header fields too large"}';

const many = (count: number): HeaderLine[] =>
  Array.from({ length: count }, (_, index): HeaderLine => [`D${index}`, ""]);

describe.each(liveDoors)("a head of many lines, at %s", (_door, variable) => {
  const recorder = new Recorder();
  let live: LiveWorld;
  let target: string;
  const base = () => required(variable);

  beforeAll(async () => {
    live = await startWorld((request, response) => void recorder.listener(request, response));
    target = `${live.world.baseOf("open")}/x`;
  });

  beforeEach(() => recorder.expect({ body: "ok" }));

  afterAll(() => live.close());

  /** With `Host` and `Connection`, which the client adds. */
  const withLines = (count: number, last: readonly HeaderLine[] = []) => [
    ...many(count - 2 - last.length),
    ...last,
  ];
  const ask = (headers: readonly HeaderLine[], more = {}) =>
    rawExchange(base(), { target, headers, ...more });

  test(`passes whole with ${limit} lines, what proxies and clients add last included`, async () => {
    const last: HeaderLine[] = [
      ["X-Last", "here"],
      ["X-Forwarded-For", "203.0.113.9"],
      ["Content-Length", "4"],
    ];
    const answer = await ask(withLines(limit, last), { method: "POST", body: "body" });
    expect(answer).toMatchObject({ status: 200, body: "ok" });
    expect(recorder.received).toMatchObject([{ body: "body" }]);
    expect(recorder.received[0]?.headers).toContainEqual(["x-last", "here"]);
    expect(recorder.received[0]?.headers).toContainEqual(["x-forwarded-for", "203.0.113.9"]);
  });

  test.each<[string, HeaderLine[]]>([
    [`${limit + 1} lines`, withLines(limit + 1)],
    [
      "1,100 lines before the address that a proxy adds",
      withLines(1102, [["X-Forwarded-For", "203.0.113.9"]]),
    ],
    ["1,015 lines, which would leave no room for our own", withLines(1015)],
    ["a length as line 1,025", withLines(1025, [["Content-Length", "4"]])],
    ["2,000 lines of one name", withLines(2000).map(([, value]): HeaderLine => ["a", value])],
    ["30,000 lines", Array.from({ length: 30_000 }, (): HeaderLine => ["a", ""])],
    ["a hundred kilobytes in one line", [["X-Long", "a".repeat(100_000)]]],
    ["a hundred kilobytes in its name", [["a".repeat(100_000), "x"]]],
  ])("with %s is told so, and nothing of it goes on", async (_name, headers) => {
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const answer = await ask(headers, { method });
      expect(answer).toMatchObject({ status: 431, body: tooLarge });
      expect(answer.headers).toContainEqual(["content-type", "application/json"]);
      expect(answer.headers).toContainEqual(["connection", "close"]);
    }
    expect(recorder.received).toEqual([]);
  });

  test.each(["/login", "/healthz", "/readyz", "/api/auth/csrf", "/nowhere"])(
    "is refused before %s is looked at",
    async (path) => {
      const answer = await rawExchange(base(), { target: path, headers: withLines(limit + 1) });
      expect(answer).toMatchObject({ status: 431, body: tooLarge });
    },
  );

  test("brings a page with as many lines as may be", async () => {
    const answer = await rawExchange(base(), { target: "/login", headers: withLines(limit) });
    expect(answer.status).toBe(200);
  });

  test("is refused when it asks for another protocol or waits for 100", async () => {
    const upgrade: HeaderLine[] = [
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
    ];
    for (const last of [upgrade, [["Expect", "100-continue"] as const]]) {
      const answer = await ask([...many(200), ...last]);
      expect(answer).toMatchObject({ status: 431, body: tooLarge });
    }
  });

  test("what cannot be read is answered as everything else is", async () => {
    for (const headers of [[["a b", "x"]], [["Content-Length", "x"]]] as HeaderLine[][]) {
      const answer = await ask(headers);
      expect(answer).toMatchObject({ status: 400, body: '{"error":"Malformed request"}' });
      expect(answer.headers).toContainEqual(["content-type", "application/json"]);
    }
    const hostless = await ask([
      ["Host", "a"],
      ["Host", "b"],
    ]);
    expect(hostless).toMatchObject({ status: 400, body: '{"error":"Exactly one Host is needed"}' });
    expect(recorder.received).toEqual([]);
  });

  test("what cannot be read is answered after what came before it", async () => {
    const socket = await rawConnect(base());
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\nGET ${target} HTTP/1.1\r\nHost : a\r\n\r\n`);
    await closed;
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(["200", "400"]);
    expect(recorder.received).toHaveLength(1);
  });

  test("trailers of a request stay here, however many", async () => {
    const lines = many(1100).map(([name]) => `${name}: x\r\n`);
    const body = `4\r\nbody\r\n0\r\n${lines.join("")}\r\n`;
    const answer = await ask([["Transfer-Encoding", "chunked"]], { method: "POST", body });
    expect(answer).toMatchObject({ status: 200, body: "ok" });
    expect(recorder.received).toMatchObject([{ body: "body" }]);
  });

  test("of an upstream arrives whole", async () => {
    recorder.expect({ headers: [...many(1100), ["X-Last", "here"]], body: "ok" });
    const answer = await ask([]);
    expect(answer).toMatchObject({ status: 200, body: "ok" });
    expect(answer.headers).toContainEqual(["x-last", "here"]);
    expect(answer.headers.filter(([name]) => /^d\d+$/.test(name))).toHaveLength(1100);
  });
});
