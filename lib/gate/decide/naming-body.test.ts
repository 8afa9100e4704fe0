import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { testRequest } from "@/test/support/gate";
import { BodyMemory, HeldBody } from "../held-body";
import type { GateRequest } from "../messages";
import { type NamingBody, readNamingBody } from "./naming-body";

const mib = 1024 * 1024;

/** A message with a file in it. */
const image = (bytes: number, more = "") =>
  `{"session":"shop","file":{"data":"${"QUJD".repeat(bytes / 4)}"}${more}}`;

const post = (body: Readable, more: Partial<GateRequest> = {}) =>
  testRequest({ method: "POST", headers: ["content-type", "application/json"], body, ...more });

/** In pieces of that many bytes. */
function pieces(text: string, size = 64 * 1024): Readable {
  const bytes = Buffer.from(text);
  const all = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  return Readable.from(all, { objectMode: false });
}

const read = (request: GateRequest, memory: BodyMemory, accountId = "one") =>
  readNamingBody(request, "/session", accountId, memory);

const reasonOf = (found: NamingBody) => ("name" in found ? found.name : found.reason);

async function bytesOf(found: NamingBody): Promise<Buffer> {
  if (!("name" in found)) throw new Error(found.reason);
  return Buffer.concat((await found.request.body?.toArray()) ?? []);
}

describe("a body that names its instance", () => {
  test.each([
    ["as it was sent", 64 * 1024],
    ["in pieces of odd sizes", 7919],
  ])("goes on byte for byte, %s, and its memory comes back", async (_name, size) => {
    const memory = new BodyMemory({ largestBytes: 8 * mib });
    const text = image(5 * mib, ',"caption":"olá"');
    const found = await read(post(pieces(text, size)), memory);
    expect(reasonOf(found)).toBe("shop");
    expect(memory.held).toBeGreaterThan(4.9 * mib);
    expect((await bytesOf(found)).equals(Buffer.from(text))).toBe(true);
    expect(memory.held).toBe(0);
  });

  test("in very many pieces takes not much more memory than it has bytes", async () => {
    const memory = new BodyMemory({ largestBytes: mib });
    const text = image(96 * 1024);
    const found = await read(post(pieces(text, 1)), memory);
    expect(reasonOf(found)).toBe("shop");
    expect(memory.held).toBeLessThan(1.3 * text.length);
    expect((await bytesOf(found)).toString()).toBe(text);
  });

  test.each([
    ["a second name behind a megabyte", () => post(pieces(image(mib, ',"Session":"other"'))), "invalid_body"],
    ["half of one", () => post(pieces(image(mib).slice(0, -1))), "invalid_body"],
    ["more than may be", () => post(pieces(image(3 * mib))), "body_too_large"],
    [
      "more than may be, announced",
      () =>
        post(new PassThrough(), {
          headers: ["content-type", "application/json", "content-length", "9999999"],
        }),
      "body_too_large",
    ],
  ])("is refused when it has %s, and holds nothing", async (_name, request, reason) => {
    const memory = new BodyMemory({ largestBytes: 2 * mib });
    expect(reasonOf(await read(request(), memory))).toBe(reason);
    expect(memory.held).toBe(0);
  });

  test("that breaks off, is silent, or takes for ever holds nothing", async () => {
    const memory = new BodyMemory({ largestBytes: 2 * mib, pauseMs: 100, wholeMs: 250 });
    const broken = new PassThrough();
    broken.write(image(mib).slice(0, -1));
    const outcome = read(post(broken), memory);
    await expect.poll(() => memory.held).toBeGreaterThan(0);
    broken.destroy(new Error("reset"));
    expect(reasonOf(await outcome)).toBe("invalid_body");
    const silent = new PassThrough();
    silent.write(image(mib).slice(0, -1));
    expect(reasonOf(await read(post(silent), memory))).toBe("body_timed_out");
    const trickle = Readable.from(
      (async function* () {
        yield Buffer.from('{"a":"');
        for (;;) {
          await sleep(20);
          yield Buffer.from("x");
        }
      })(),
      { objectMode: false },
    );
    expect(reasonOf(await read(post(trickle), memory))).toBe("body_timed_out");
    expect(memory.held).toBe(0);
  });

  test("that goes nowhere gives back what it held", async () => {
    const memory = new BodyMemory({ largestBytes: 2 * mib });
    const found = await read(post(pieces(image(mib))), memory);
    expect("name" in found && found.request.body).toBeInstanceOf(HeldBody);
    if ("name" in found) found.request.body?.destroy();
    await expect.poll(() => memory.held).toBe(0);
  });
});

describe("the memory for them", () => {
  test("is shared: one account, or one address, has half of it at most, and waits while others go on", async () => {
    const memory = new BodyMemory({ largestBytes: mib, waitMs: 50 });
    const from = (clientAddress: string) => post(pieces(image(mib - 4096)), { clientAddress });
    const first = [await read(from("a"), memory), await read(from("b"), memory)];
    expect(first.map(reasonOf)).toEqual(["shop", "shop"]);
    expect(reasonOf(await read(from("c"), memory))).toBe("gate_busy");
    expect(reasonOf(await read(post(pieces(image(32_768))), memory)), "a small one needs none").toBe("shop");
    const second = [await read(from("a"), memory, "two"), await read(from("c"), memory, "two")];
    expect(second.map(reasonOf)).toEqual(["shop", "shop"]);
    for (const each of [...first, ...second]) await bytesOf(each);
    expect(memory.held).toBe(0);
  });

  test("goes to who waits for it, as soon as there is some", async () => {
    const memory = new BodyMemory({ largestBytes: mib, waitMs: 5000 });
    const held = [];
    for (const address of ["a", "b", "c", "d"])
      held.push(
        await read(post(pieces(image(mib - 4096)), { clientAddress: address }), memory, `account ${address}`),
      );
    const late = read(post(pieces(image(mib - 4096)), { clientAddress: "e" }), memory, "account e");
    await sleep(50);
    expect(await Promise.race([late, "waits"])).toBe("waits");
    for (const each of held) await bytesOf(each);
    expect(reasonOf(await late)).toBe("shop");
    await bytesOf(await late);
    expect(memory.held).toBe(0);
  });
});
