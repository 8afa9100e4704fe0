import type { Server } from "node:http";
import type { Socket } from "node:net";

const looksPerTimeout = 4;

/**
 * Closes connections on which nothing has moved for a time, in either direction: clients that stop in the
 * middle of a body, or stop reading. A sweep over all of them costs less than a timer that every read and
 * write sets back; a connection may live a quarter longer for it.
 */
export function closeSilent(server: Server, afterMs: number): void {
  const seen = new Map<Socket, { bytes: number; looks: number }>();
  server.on("connection", (socket: Socket) => {
    seen.set(socket, { bytes: 0, looks: 0 });
    socket.once("close", () => seen.delete(socket));
  });
  const sweep = setInterval(() => {
    for (const [socket, state] of seen) {
      const bytes = socket.bytesRead + socket.bytesWritten;
      if (bytes !== state.bytes) {
        state.bytes = bytes;
        state.looks = 0;
      } else if (++state.looks > looksPerTimeout) {
        socket.destroy();
      }
    }
  }, afterMs / looksPerTimeout).unref();
  server.once("close", () => clearInterval(sweep));
}
