import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { badHandshake, type GateError, handshakeVersion } from "../decide/denial";
import { valuesOf } from "../headers";
import type { GateRequest } from "../messages";
import type { ResponseHead } from "../proxy/upstream-response";

/** Sixteen bytes in base64. */
const key = /^[+/0-9A-Za-z]{22}==$/;

/** What is wrong with a request to open a WebSocket (RFC 6455 §4.2.1); null for nothing. */
export function handshakeError({ headers, body }: Pick<GateRequest, "headers" | "body">): GateError | null {
  // What follows the head would be the body for one server and frames for another.
  if (body !== null) return badHandshake;
  if (valuesOf(headers, "sec-websocket-version").join() !== "13") return handshakeVersion;
  return key.test(valuesOf(headers, "sec-websocket-key").join()) ? null : badHandshake;
}

/** A connection that changes its protocol, and what it has brought already. */
interface Changing {
  readonly socket: Duplex;
  readonly early: Buffer;
}

function headOf({ status, headers }: ResponseHead): string {
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : []));
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
  head: ResponseHead,
  upstream: Duplex,
  response: ServerResponse,
): void {
  response.detachSocket(socket as Socket);
  socket.write(headOf(head), "latin1");
  if (early.length > 0) upstream.write(early);
}
