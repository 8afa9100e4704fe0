import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Most bytes of a request's head. A Client-Token header of 20 KB must reach the decision, which then refuses it. */
export const mostHeadBytes = 64 * 1024;

/** Most header lines of a request: as many as Apache httpd and HAProxy take, and three times what browsers send. */
export const mostHeadLines = 100;

/** What a request is told whose head has too many lines or bytes (RFC 6585 §5). */
export const headTooLarge = { status: 431, error: "Request header fields too large" } as const;

const malformed = { status: 400, error: "Malformed request" } as const;

/** By the code of the error with which node:http gives a request up. */
const answers: ReadonlyMap<string | undefined, { readonly status: number; readonly error: string }> = new Map(
  [
    ["HPE_HEADER_OVERFLOW", headTooLarge],
    ["HPE_CHUNK_EXTENSIONS_OVERFLOW", { status: 413, error: "Chunk extensions too large" }],
    ["ERR_HTTP_REQUEST_TIMEOUT", { status: 408, error: "Request timed out" }],
  ],
);

const lingerMs = 2000;
const mostBytesAfter = 4 * 1024 * 1024;

/** Writes an answer where there is no response object: a small JSON object, and the end of the connection. */
export function rawAnswer(status: number, error: string): string {
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** What node:http notes on a socket: the response whose turn it is. */
interface Serving {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Answers what could not be read as a request, after the answers to all that came before it on the
 * connection. The connection ends then, with time for the answer to arrive (RFC 9112 §9.6).
 */
function refuseUnreadable(socket: Socket & Serving, code: string | undefined): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error } = answers.get(code) ?? malformed;
  const current = socket._httpMessage;
  if (!current) {
    socket.end(rawAnswer(status, error));
    setTimeout(() => socket.destroy(), lingerMs).unref();
  } else if (current.req.complete) {
    current.once("close", () => refuseUnreadable(socket, code));
  } else {
    // The rest of its own body; nobody may wait for that any longer.
    if (!current.headersSent) socket.write(rawAnswer(status, error));
    socket.destroy();
  }
}

/**
 * Makes a server see every header line and answer as JSON what it cannot read. By itself Node.js hands on
 * about a thousand lines and drops the others without a word (CVE-2026-58044), so that two servers see two
 * requests; here `unfitness` counts them all. What a head may hold in bytes is `mostHeadBytes`.
 */
export function readWholeHeads(server: Server): void {
  server.maxHeadersCount = 0;
  /** How much had been read of each connection when it was given up. */
  const givenUp = new WeakMap<Duplex, number>();
  server.on("clientError", (error: Error & { readonly code?: string }, socket: Socket) => {
    const since = givenUp.get(socket);
    if (since === undefined) {
      givenUp.set(socket, socket.bytesRead);
      refuseUnreadable(socket, error.code);
    } else if (socket.bytesRead - since > mostBytesAfter) {
      // What follows is told as the same error again and again.
      socket.destroy();
    }
  });
}
