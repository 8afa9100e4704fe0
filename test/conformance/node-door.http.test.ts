import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { head, type LiveInstance, openLiveInstance, required, start } from "./live-world";
import { rawConnect, rawExchange, rawHead } from "./raw-client";

/** Everything a connection brings until it closes or falls silent. */
async function readAll(socket: Awaited<ReturnType<typeof rawConnect>>, silentMs = 400): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  for (let before = -1; before !== text.length && !socket.closed; ) {
    before = text.length;
    await delay(silentMs);
  }
  return text;
}

describe("what only the door on node:http does", () => {
  let instance: LiveInstance;
  const base = () => required("LATCHKEY_TEST_GATE_URL");

  beforeAll(async () => {
    instance = await openLiveInstance("LATCHKEY_TEST_GATE_URL");
  });

  afterAll(() => instance.close());

  test("a client that waits for 100 gets it once it is let in, and its body arrives", async () => {
    instance.behave(async (incoming, response) => response.end((await incoming.toArray()).join("")));
    const outgoing = start(`${instance.url}/x`, "POST", { expect: "100-continue", "content-length": "4" });
    outgoing.flushHeaders();
    await once(outgoing, "continue");
    outgoing.end("body");
    expect((await (await head(outgoing)).toArray()).join("")).toBe("body");
  });

  test("a client that is not let in is told so instead of 100, and need not send its body", async () => {
    const outgoing = start(`${base()}/instances/${"a".repeat(20)}/token/x/y`, "POST", {
      expect: "100-continue",
      "content-length": "4",
    });
    let continued = false;
    outgoing.on("continue", () => {
      continued = true;
    });
    outgoing.flushHeaders();
    const response = await head(outgoing);
    expect(response.statusCode).toBe(404);
    expect(response.headers.connection).toBe("close");
    expect(continued).toBe(false);
    outgoing.destroy();
  });

  test("a rejection reaches a client that goes on sending", async () => {
    const socket = await rawConnect(base());
    socket.on("error", () => {});
    const headers = [["Content-Length", "100000000"]] as const;
    const target = `/instances/${"a".repeat(20)}/token/x/y`;
    socket.write(rawHead({ method: "POST", target, headers }, new URL(base()).host));
    for (let n = 0; n < 20 && !socket.destroyed; n++) {
      socket.write(Buffer.alloc(16 * 1024));
      await delay(5);
    }
    expect(await readAll(socket)).toContain("HTTP/1.1 404 Not Found");
    socket.destroy();
  });

  test.each([
    ["gets them, in its own words", "trailers", { "x-check": "abc", link: "<{base}/a>; rel=x" }],
    ["gets none otherwise", undefined, {}],
  ])("a client that reads trailers %s", async (_name, te, expected) => {
    instance.behave((_incoming, response) => {
      response.writeHead(200, { trailer: "X-Check" });
      response.write("body");
      response.addTrailers({
        "X-Check": "abc",
        "Set-Cookie": "a=1",
        "Latchkey-Reason": "x",
        Link: "</a>; rel=x",
      });
      response.end();
    });
    const outgoing = start(`${instance.url}/x`, "GET", te ? { te } : {}).end();
    const response = await head(outgoing);
    await response.toArray();
    const told = JSON.parse(JSON.stringify(expected).replace("{base}", instance.target));
    expect(response.trailers).toEqual(told);
  });

  test("early hints arrive before the answer, and lead into the instance", async () => {
    instance.behave((_incoming, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" }, () => response.end("ok"));
    });
    const outgoing = start(`${instance.url}/x`);
    const hinted = once(outgoing, "information") as Promise<[{ statusCode: number; headers: object }]>;
    const answered = head(outgoing);
    outgoing.end();
    const [hint] = await hinted;
    expect(hint).toMatchObject({
      statusCode: 103,
      headers: { link: `<${instance.target}/style.css>; rel=preload; as=style` },
    });
    expect((await (await answered).toArray()).join("")).toBe("ok");
  });

  test("probes are answered by the gate itself", async () => {
    expect(await rawExchange(base(), { target: "/healthz" })).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
    });
    expect(await rawExchange(base(), { target: "/readyz?x" })).toMatchObject({ status: 200 });
  });
});
