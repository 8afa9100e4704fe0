import { once } from "node:events";
import { Readable, type Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { head, type LiveInstance, liveDoors, openLiveInstance, signal, start } from "./live-world";

const MiB = 1024 * 1024;
const block = Buffer.alloc(64 * 1024, "latchkey");

function* blocks(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
}

async function count(body: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  return bytes;
}

/** Writes until the other side has taken nothing for a while; what it took is bounded by buffers. */
async function writeUntilStalled(sink: Writable, limit: number): Promise<number> {
  let written = 0;
  while (written < limit) {
    written += block.length;
    if (sink.write(block)) continue;
    const drained = await Promise.race([once(sink, "drain").then(() => true), delay(700, false)]);
    if (!drained) break;
  }
  return written;
}

describe.each(liveDoors)("bodies stream through %s", (_door, variable) => {
  let instance: LiveInstance;

  beforeAll(async () => {
    instance = await openLiveInstance(variable);
  });

  afterAll(async () => {
    await instance.close();
  });

  test("64 MiB go up and 64 MiB come down", async () => {
    const size = 64 * MiB;
    instance.behave(async (incoming, response) => {
      const bytes = await count(incoming);
      response.writeHead(200, { "content-length": String(bytes) });
      Readable.from(blocks(bytes)).pipe(response);
    });
    const outgoing = start(`${instance.url}/big`, "POST", { "content-length": String(size) });
    Readable.from(blocks(size)).pipe(outgoing);
    const response = await head(outgoing);
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-length"]).toBe(String(size));
    expect(await count(response)).toBe(size);
  }, 120_000);

  test("a slow upstream holds the client back", async () => {
    const release = signal();
    instance.behave(async (incoming, response) => {
      await release.fired;
      response.end(String(await count(incoming)));
    });
    const outgoing = start(`${instance.url}/slow`, "POST");
    const written = await writeUntilStalled(outgoing, 200 * MiB);
    expect(written).toBeLessThan(100 * MiB);
    release.fire();
    outgoing.end();
    const response = await head(outgoing);
    expect((await response.toArray()).join("")).toBe(String(written));
  });

  test("a slow client holds the upstream back", async () => {
    const written = signal<number>();
    instance.behave(async (_incoming, response) => {
      written.fire(await writeUntilStalled(response, 200 * MiB));
      response.end();
    });
    const outgoing = start(`${instance.url}/slow`).end();
    const response = await head(outgoing);
    response.pause();
    const bytes = await written.fired;
    expect(bytes).toBeLessThan(100 * MiB);
    expect(await count(response)).toBe(bytes);
  });

  test("the head and each event arrive before the next is sent", async () => {
    const next = [signal(), signal()] as const;
    instance.behave(async (_incoming, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      for (const [at, turn] of next.entries()) {
        await turn.fired;
        response.write(`data: ${at}\n\n`);
      }
    });
    const outgoing = start(`${instance.url}/events`).end();
    const response = await head(outgoing);
    expect(response.headers["content-type"]).toBe("text/event-stream");
    for (const [at, turn] of next.entries()) {
      turn.fire();
      const [chunk] = (await once(response, "data")) as [Buffer];
      expect(chunk.toString()).toBe(`data: ${at}\n\n`);
    }
    outgoing.destroy();
  });

  test("both directions at once", async () => {
    instance.behave((incoming, response) => void incoming.pipe(response));
    const outgoing = start(`${instance.url}/talk`, "POST");
    outgoing.write("one");
    const response = await head(outgoing);
    for (const word of ["two", "three"]) {
      outgoing.write(word);
      const [chunk] = (await once(response, "data")) as [Buffer];
      expect(chunk.length).toBeGreaterThan(0);
    }
    outgoing.end();
    await response.toArray();
    expect(response.complete).toBe(true);
  });

  test("an early answer reaches a client that is still sending", async () => {
    instance.behave((_incoming, response) => {
      response.writeHead(413, { connection: "close" }).end("too much");
    });
    const outgoing = start(`${instance.url}/early`, "POST");
    outgoing.on("error", () => {});
    outgoing.write(block);
    const response = await head(outgoing);
    expect(response.statusCode).toBe(413);
    expect((await response.toArray()).join("")).toBe("too much");
    outgoing.destroy();
  });
});
