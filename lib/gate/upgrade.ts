import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { AnswerHead } from "./upstream-head";

/** A connection that changes its protocol, and what it has brought already. */
interface Changing {
  readonly socket: Duplex;
  readonly early: Buffer;
}

function headOf({ status, headers }: AnswerHead): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...lines,
    "connection: Upgrade",
    "upgrade: websocket",
    "\r\n",
  ].join("\r\n");
}

/**
 * Tells the client that its protocol is spoken from now on, and the upstream what the client has sent
 * too early. The response object lets go of the socket.
 */
export function joinSockets(
  { socket, early }: Changing,
  head: AnswerHead,
  upstream: Duplex,
  response: ServerResponse,
): void {
  response.detachSocket(socket as Socket);
  socket.write(headOf(head), "latin1");
  if (early.length > 0) upstream.write(early);
}
