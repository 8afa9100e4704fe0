import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

const mostBytes = 4 * 1024 * 1024;
const longestMs = 5000;

/**
 * Lets a client read an answer that came before the end of its body. Closing a socket that still receives
 * makes the system reset it, and the answer is lost (RFC 9112 §9.6): so this end is closed, and what
 * arrives is dropped for a bounded time and number of bytes.
 */
export function lingerOn(incoming: IncomingMessage): void {
  const { socket } = incoming;
  const destroy = () => socket.destroy();
  socket.destroySoon = function lingering(this: Socket) {
    this.end();
    const timer = setTimeout(destroy, longestMs);
    const before = this.bytesRead;
    incoming.on("data", () => {
      if (this.bytesRead - before > mostBytes) destroy();
    });
    incoming.on("end", destroy).resume();
    this.once("close", () => clearTimeout(timer));
  };
}
