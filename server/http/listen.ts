import { randomInt } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { createServer, type Server as TcpServer } from "node:net";
import { codeOf, StartError } from "../terminal";
import { failure } from "../words";

/**
 * Listens and returns the port, which the system picks when `port` is 0.
 *
 * @throws StartError when the port is taken, privileged, or the address is not this machine's
 */
export async function listen(server: TcpServer, port: number, host: string): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const code = codeOf(error);
    const known = ["EADDRINUSE", "EACCES", "EADDRNOTAVAIL", "ENOTFOUND"] as const;
    const key = known.find((each) => each === code) ?? "other";
    const next = String(port + 1);
    throw new StartError(failure(`listen.${key}`, { host, port: String(port), next, code }), {
      cause: error,
    });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

const lookEveryMs = 50;

/**
 * Stops taking connections and waits for the answers in hand, then closes what is left.
 *
 * @param withinMs how long to wait for them
 */
export function drain(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), lookEveryMs);
    const force = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

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
