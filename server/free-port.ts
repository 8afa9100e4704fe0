import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

/**
 * A TCP port of 127.0.0.1 that nothing listens on at this moment. It is below the range from which systems
 * take ports for connections (32768 and up on Linux, 49152 and up elsewhere, RFC 6335 §6), so that none of
 * those takes it before the caller does.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(16_384, 32_768);
    if (await isFree(port)) return port;
  }
  throw new Error("no TCP port between 16384 and 32767 is free on 127.0.0.1");
}
