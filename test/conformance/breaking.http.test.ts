import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { head, type LiveInstance, liveDoors, openLiveInstance, required, signal, start } from "./live-world";
import { type RawRequest, rawConnect, rawExchange, rawHead } from "./raw-client";

const block = Buffer.alloc(64 * 1024, "x");

/** Writes bytes that no server would write, straight to the socket. */
function raw(bytes: string, then: "end" | "reset" | "wait" = "end") {
  return (_incoming: IncomingMessage, response: ServerResponse): void => {
    response.socket?.write(bytes, () => {
      if (then === "end") response.socket?.end();
      if (then === "reset") response.socket?.resetAndDestroy();
    });
  };
}

describe.each(liveDoors)("either side breaks off, at %s", (_door, variable) => {
  let instance: LiveInstance;
  const base = () => required(variable);
  const get = (path = "/x") => rawExchange(base(), { target: instance.target + path });

  beforeAll(async () => {
    instance = await openLiveInstance(variable);
  });

  afterAll(async () => {
    await instance.close();
  });

  test("a client that leaves before the answer ends the request to the upstream", async () => {
    const [arrived, closed] = [signal(), signal()];
    instance.behave((_incoming, response) => {
      response.on("close", () => closed.fire());
      arrived.fire();
    });
    const outgoing = start(`${instance.url}/x`).on("error", () => {});
    outgoing.end();
    await arrived.fired;
    outgoing.destroy();
    await closed.fired;
  });

  test("a client that leaves in the middle of the answer ends it", async () => {
    const closed = signal();
    instance.behave((_incoming, response) => {
      const timer = setInterval(() => response.write(block), 10);
      response.on("close", () => {
        clearInterval(timer);
        closed.fire();
      });
    });
    const outgoing = start(`${instance.url}/x`).on("error", () => {});
    outgoing.end();
    const response = await head(outgoing);
    await once(response, "data");
    response.on("error", () => {});
    outgoing.destroy();
    await closed.fired;
  });

  test("a client that leaves in the middle of its body does not pass for one that finished", async () => {
    const end = signal<string>();
    instance.behave((incoming) => {
      incoming.on("end", () => end.fire("complete"));
      incoming.on("error", () => end.fire("broken"));
      incoming.on("data", () => socket.destroy());
    });
    const socket = await rawConnect(base());
    const request: RawRequest = {
      method: "POST",
      target: `${instance.target}/x`,
      headers: [["Content-Length", "999"]],
    };
    socket.write(rawHead(request, new URL(base()).host));
    socket.write("some of it");
    expect(await end.fired).toBe("broken");
  });

  test.each([
    ["resets at once", raw("", "reset")],
    ["closes at once", raw("")],
    ["closes in the middle of the head", raw("HTTP/1.1 200 OK\r\nContent-")],
    ["speaks another protocol", raw("SSH-2.0-OpenSSH_9.2\r\n")],
    [
      "uses a transfer coding nobody asked for",
      raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    ],
    ["gives two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")],
    ["gives a length that is none", raw("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na")],
  ])("an upstream that %s is a 502", async (_name, upstream) => {
    instance.behave(upstream);
    const answer = await get();
    expect(answer).toMatchObject({ status: 502, body: '{"error":"Upstream unreachable"}' });
    expect(answer.headers).toContainEqual(["latchkey-reason", "upstream_unreachable"]);
  });

  test.each([
    ["stops short of its length", raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc")],
    ["stops between chunks", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")],
    ["stops inside a chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc")],
    ["sends a broken chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")],
    ["is reset in its body", raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc", "reset")],
  ])("an upstream that %s does not pass for one that finished", async (_name, upstream) => {
    instance.behave(upstream);
    await expect(get()).rejects.toThrow("broke off");
  });

  test("bytes beyond the length are not passed on", async () => {
    instance.behave(
      raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n"),
    );
    expect(await get()).toMatchObject({ status: 200, body: "ok" });
  });

  test("a body that ends with the connection is complete", async () => {
    instance.behave(raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it"));
    expect(await get()).toMatchObject({ status: 200, body: "all of it" });
  });

  test("a body after HEAD does not reach the next request", async () => {
    instance.behave(raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/", "wait"));
    const answer = await rawExchange(base(), { method: "HEAD", target: `${instance.target}/x` });
    expect(answer).toMatchObject({ status: 200, body: "" });
    instance.behave((_incoming, response) => response.end("clean"));
    expect(await get()).toMatchObject({ status: 200, body: "clean" });
  });

  test("informational answers do not end the exchange", async () => {
    instance.behave(
      raw("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    );
    expect(await get()).toMatchObject({ status: 200, body: "ok" });
  });

  test("a reason phrase that cannot be sent again is left out", async () => {
    instance.behave(raw("HTTP/1.1 200 \u2713 fine\r\nContent-Length: 2\r\n\r\nok"));
    expect(await get()).toMatchObject({ status: 200, body: "ok" });
  });

  test("the server is still well", async () => {
    instance.behave((_incoming, response) => response.end("still here"));
    expect(await get()).toMatchObject({ status: 200, body: "still here" });
  });
});
