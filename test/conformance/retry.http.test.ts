import { describe, expect, test } from "vitest";
import { openLiveInstance, required } from "./live-world";
import { rawExchange } from "./raw-client";

const base = () => required("LATCHKEY_TEST_GATE_URL");

describe("a connection kept alive that the upstream has closed", () => {
  test.each([
    ["GET", undefined, 200],
    ["PUT", undefined, 200],
    ["POST", undefined, 502],
    ["PUT", "body", 502],
  ] as const)("is tried again only without harm: %s with body %j", async (method, body, expected) => {
    const own = await openLiveInstance("LATCHKEY_TEST_GATE_URL");
    const requests: string[] = [];
    const served = new WeakSet<object>();
    own.behave((incoming, response) => {
      requests.push(incoming.method ?? "");
      if (served.has(incoming.socket)) incoming.socket.resetAndDestroy();
      else response.end("ok");
      served.add(incoming.socket);
    });
    const exchange = (chosen: string, content?: string) =>
      rawExchange(base(), {
        method: chosen,
        target: `${own.target}/x`,
        headers: content === undefined ? [] : [["Content-Length", String(content.length)]],
        body: content,
      });
    expect((await exchange("GET")).status).toBe(200);
    expect((await exchange(method, body)).status).toBe(expected);
    expect(requests).toEqual(expected === 200 ? ["GET", method, method] : ["GET", method]);
    await own.close();
  });

  test("several of them cost one request nothing", async () => {
    const own = await openLiveInstance("LATCHKEY_TEST_GATE_URL");
    const waiting: (() => void)[] = [];
    own.behave((_incoming, response) => waiting.push(() => response.end("ok")));
    const get = () => rawExchange(base(), { target: `${own.target}/x` });
    const first = [get(), get(), get()];
    await expect.poll(() => waiting.length).toBe(3);
    for (const answer of waiting) answer();
    await Promise.all(first);
    let fresh = 0;
    own.behave((incoming, response) => {
      if (incoming.socket.bytesWritten > 0) incoming.socket.resetAndDestroy();
      else {
        fresh++;
        response.end("fresh");
      }
    });
    expect(await get()).toMatchObject({ status: 200, body: "fresh" });
    expect(fresh).toBe(1);
    await own.close();
  });
});

describe("a request that was repeated", () => {
  test("is not repeated a second time, whatever becomes of it", async () => {
    const own = await openLiveInstance("LATCHKEY_TEST_GATE_URL");
    const get = () => rawExchange(base(), { target: `${own.target}/x` });
    own.behave((_incoming, response) => response.end("ok"));
    expect((await get()).status).toBe(200);
    let asked = 0;
    own.behave((incoming) => {
      asked++;
      incoming.socket.resetAndDestroy();
    });
    expect((await get()).status).toBe(502);
    expect(asked).toBe(2);
    await own.close();
  });

  test("had got nothing of an answer, not even an informational one", async () => {
    const own = await openLiveInstance("LATCHKEY_TEST_GATE_URL");
    const get = () => rawExchange(base(), { target: `${own.target}/x` });
    for (const begun of ["HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 100 Continue\r\n\r\n"]) {
      own.behave((_incoming, response) => response.end("ok"));
      expect((await get()).status).toBe(200);
      let asked = 0;
      own.behave((incoming) => {
        asked++;
        incoming.socket.write(begun, () => incoming.socket.destroySoon());
      });
      expect((await get()).status).toBe(502);
      expect(asked).toBe(1);
    }
    await own.close();
  });
});

test("an upstream that resets a new connection is asked once", async () => {
  const instance = await openLiveInstance("LATCHKEY_TEST_GATE_URL");
  let asked = 0;
  instance.behave((incoming) => {
    asked++;
    incoming.socket.resetAndDestroy();
  });
  // Connections that were used before are gone after this one.
  await rawExchange(base(), { target: `${instance.target}/x` });
  asked = 0;
  expect((await rawExchange(base(), { target: `${instance.target}/x` })).status).toBe(502);
  expect(asked).toBe(1);
  await instance.close();
});
