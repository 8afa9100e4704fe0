import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { hopHeader, peerHeader, rawUrlHeader, readHopHeader } from "../../net/client-address";
import { fromWebRequest, readableFromWeb, toWebResponse, webFromReadable } from "./next";

beforeAll(() => {
  process.env.TRUSTED_PROXIES = "127.0.0.0/8";
});

describe("statements between our processes", () => {
  test("are read with our key only", () => {
    expect(readHopHeader(hopHeader("192.0.2.1"))).toBe("192.0.2.1");
    expect(readHopHeader(hopHeader("/a b"))).toBe("/a b");
    const forged = [null, "", "192.0.2.1", `${"0".repeat(64)} 192.0.2.1`, hopHeader("x").toUpperCase()];
    for (const header of forged) expect(readHopHeader(header)).toBeNull();
  });
});

describe("a web request", () => {
  const read = (headers: Record<string, string>, init: RequestInit = {}) =>
    fromWebRequest(new Request("http://localhost/a?b=1", { ...init, headers }));

  test("is read by its raw target when one is vouched for", () => {
    expect(read({ [rawUrlHeader]: hopHeader("/x/../y") }).target).toBe("/x/../y");
    expect(read({ [rawUrlHeader]: `${"0".repeat(64)} /x` }).target).toBe("/a?b=1");
  });

  test("comes from the peer that is vouched for, through trusted proxies", () => {
    const peer = (address: string) => ({ [peerHeader]: hopHeader(address) });
    expect(read(peer("::ffff:192.0.2.1")).clientAddress).toBe("192.0.2.1");
    expect(read({ ...peer("192.0.2.1"), "x-forwarded-for": "6.6.6.6" }).clientAddress).toBe("192.0.2.1");
    expect(read({ ...peer("127.0.0.1"), "x-forwarded-for": "6.6.6.6, 192.0.2.7" }).clientAddress).toBe(
      "192.0.2.7",
    );
    expect(read({ "x-forwarded-for": "6.6.6.6, 192.0.2.7" }).clientAddress).toBe("192.0.2.7");
    expect(read({}).clientAddress).toBeNull();
  });

  test("names a host only as its peer may", () => {
    const headers = { host: "a.example", "x-forwarded-host": "b.example" };
    expect(read({ ...headers, [peerHeader]: hopHeader("192.0.2.1") }).host).toBe("a.example");
    expect(read({ ...headers, [peerHeader]: hopHeader("127.0.0.1") }).host).toBe("b.example");
  });

  test("has a body only when it announces one", () => {
    expect(read({}).body).toBeNull();
    expect(read({ "content-length": "0" }, { method: "POST" }).body).toBeNull();
    expect(read({ "content-length": "1" }, { method: "POST", body: "x" }).body).not.toBeNull();
    expect(read({ "content-length": "1" }).bodyOutOfReach).toBe(true);
    expect(read({ "transfer-encoding": "chunked" }).bodyOutOfReach).toBe(true);
  });
});

describe("a web response", () => {
  test("names its length and coding so that they are kept", () => {
    const response = toWebResponse({
      status: 799,
      statusText: "Odd",
      headers: [
        ["content-length", "2"],
        ["content-encoding", "br"],
        ["set-cookie", "a"],
        ["set-cookie", "b"],
        ["x-middleware-next", "1"],
      ].flat(),
      body: "hi",
    });
    const seen: string[] = [];
    response.headers.forEach((value, name) => {
      seen.push(`${name}: ${value}`);
    });
    expect(seen).toEqual(["Content-Encoding: br", "Content-Length: 2", "Set-Cookie: a", "Set-Cookie: b"]);
    expect([response.status, response.statusText]).toEqual([799, "Odd"]);
    expect(response.headers.has("x-middleware-next")).toBe(false);
  });
});

describe("bodies between the two kinds of stream", () => {
  test("a broken stream errors, it does not end", async () => {
    const source = new PassThrough();
    const reader = webFromReadable(source).getReader();
    await reader.read();
    source.write("some");
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe("some");
    source.destroy(new Error("reset"));
    await expect(reader.read()).rejects.toMatchObject({ name: "AbortError" });
  });

  test("a reader that leaves closes the source", async () => {
    const source = new PassThrough();
    await webFromReadable(source).cancel();
    if (!source.closed) await once(source, "close");
    expect(source.destroyed).toBe(true);
  });

  test("a source is read no faster than its reader reads", async () => {
    let made = 0;
    const source = Readable.from(
      (function* () {
        for (; made < 1000; made++) yield Buffer.alloc(16 * 1024);
      })(),
    );
    const reader = webFromReadable(source).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toBeLessThan(100);
    await reader.cancel();
  });

  test("destroying the reading end drains the web stream instead of cancelling it", async () => {
    let cancelled = false;
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulled++ < 5) controller.enqueue(new Uint8Array(1));
        else controller.close();
      },
      cancel() {
        cancelled = true;
      },
    });
    readableFromWeb(stream).destroy();
    await expect.poll(() => pulled).toBe(6);
    expect(cancelled).toBe(false);
  });
});
