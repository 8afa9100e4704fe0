import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { NodeGate, VisitOptions } from "./node-gate";
import { Visit } from "./visit";

function visit(
  gate: NodeGate,
  incoming: IncomingMessage,
  response: ServerResponse,
  options: VisitOptions,
): void {
  const visit = new Visit(gate, incoming, response, options);
  try {
    visit.begin();
  } catch (error) {
    visit.fail(error);
  }
}

/**
 * The door on node:http: serves one request to an instance. The decision, what goes on and what comes back
 * are those of every other door; only the bytes take a shorter way.
 *
 * @param expectsContinue the client waits for 100 before it sends its body; it gets it once it is let in
 */
export function serveNode(
  gate: NodeGate,
  incoming: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  visit(gate, incoming, response, { expectsContinue, upgrade: null });
}

/** An answer on a connection that node:http has taken off its parser; it ends the connection. */
export function lastResponse(incoming: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(incoming);
  response.shouldKeepAlive = false;
  response.assignSocket(incoming.socket);
  socket.on("error", () => socket.destroy());
  socket.on("drain", () => response.emit("drain"));
  response.on("finish", () => socket.end());
  return response;
}

/**
 * Serves a request to open a WebSocket on an instance, which node:http has taken off its parser: decided
 * like any other request, then passed through as bytes. Every other answer ends the connection.
 *
 * @param early what the client has sent behind its head
 */
export function upgradeNode(gate: NodeGate, incoming: IncomingMessage, socket: Duplex, early: Buffer): void {
  visit(gate, incoming, lastResponse(incoming, socket), {
    expectsContinue: false,
    upgrade: { socket, early },
  });
}
