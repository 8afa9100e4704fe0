import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type GateWorld, openGateWorld } from "../support/gate-world";
import { killLaunched } from "../support/launched";

const size = 1024 ** 3;
const block = Buffer.alloc(64 * 1024, "latchkey");
let world: GateWorld;

beforeAll(async () => {
  world = await openGateWorld();
});

afterEach(() => {
  killLaunched();
  world.behave();
});
afterAll(() => world.close());

function gigabyte(): Readable {
  return Readable.from(
    (function* () {
      for (let sent = 0; sent < size; sent += block.length) yield block;
    })(),
  );
}

async function lengthOf(stream: AsyncIterable<unknown>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += (chunk as Buffer).length;
  return bytes;
}

test.runIf(process.platform === "linux")(
  "a gigabyte goes up, and another comes down, in little memory",
  async () => {
    const gate = await world.startGate();
    const peakMiB = () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${gate.child.pid}/status`, "utf8"))?.[1]) / 1024;
    let received = 0;
    world.behave((incoming, response) => {
      void lengthOf(incoming).then((bytes) => {
        received = bytes;
        response.writeHead(200, { "content-length": size });
        gigabyte().pipe(response);
      });
    });
    await world.statusOf(gate);
    const before = peakMiB();
    const outgoing = request(`${gate.url + world.target}/big`, {
      method: "POST",
      headers: { "client-token": world.token, "content-length": size },
      agent: false,
    });
    gigabyte().pipe(outgoing);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(received).toBe(size);
    expect(await lengthOf(response)).toBe(size);
    expect(peakMiB() - before).toBeLessThan(100);
  },
);
