import type { Server } from "node:http";

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
