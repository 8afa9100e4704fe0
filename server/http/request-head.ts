import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { lingeringClose } from "@/lib/gate/doors/node-messages";
import { answerJson, rawAnswer } from "./answers";

/** Most bytes of a request's head. A Client-Token header of 20 KB must reach the decision, which then refuses it. */
const largestHeadBytes = 64 * 1024;

/** Most header lines of a request: as many as Apache httpd and HAProxy take, and three times what browsers send. */
const largestHeadLines = 100;

/** What a request is told whose head has too many lines or bytes (RFC 6585 §5). */
const headTooLarge = { status: 431, error: "Request header fields too large" } as const;

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

/** What node:http notes on a socket: the response whose turn it is. */
interface Serving {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Answers what could not be read as a request, after the answers to all that came before it on the
 * connection. The connection ends then, with time for the answer to arrive (RFC 9112 §9.6).
 */
function answerParseError(socket: Socket & Serving, code: string | undefined): void {
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
    current.once("close", () => answerParseError(socket, code));
  } else {
    // The rest of its own body; nobody may wait for that any longer.
    if (!current.headersSent) socket.write(rawAnswer(status, error));
    socket.destroy();
  }
}

/**
 * Makes a server see every header line and answer as JSON what it cannot read. By itself Node.js hands on
 * about a thousand lines and drops the others without a word (CVE-2026-58044), so that two servers see two
 * requests; here `validateHead` counts them all. What a head may hold in bytes is `largestHeadBytes`.
 */
function answerParseErrors(server: Server): void {
  server.maxHeadersCount = 0;
  /** How much had been read of each connection when it was given up. */
  const givenUp = new WeakMap<Duplex, number>();
  server.on("clientError", (error: Error & { readonly code?: string }, socket: Socket) => {
    const since = givenUp.get(socket);
    if (since === undefined) {
      givenUp.set(socket, socket.bytesRead);
      answerParseError(socket, error.code);
    } else if (socket.bytesRead - since > mostBytesAfter) {
      // What follows is told as the same error again and again.
      socket.destroy();
    }
  });
}

/**
 * A server that answers in our own words whatever it cannot read or does not expect; the listener validates the heads of
 * all others with `rejectInvalidHeads`. A long upload is not an attack, so a request as a whole has no time-out.
 */
export function createStrictServer(options: ServerOptions, listener: RequestListener): Server {
  const server = createServer(
    { ...options, maxHeaderSize: largestHeadBytes, requestTimeout: 0, requireHostHeader: false },
    listener,
  );
  // Without a listener, node:http would answer an unknown expectation by itself, and close on CONNECT without a word.
  server.on("checkExpectation", listener);
  server.on("connect", (_incoming, socket) => {
    socket.on("error", () => {}).end(rawAnswer(501, "CONNECT not supported"));
  });
  answerParseErrors(server);
  return server;
}

/** Whether a request says that a body follows (RFC 9112 §6.3). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** The answer to a request that is rejected before anybody looks at what it asks for. */
export interface HeadRejection {
  readonly status: 400 | 417 | 431 | 501 | 505;
  readonly error: string;
}

const version: HeadRejection = { status: 505, error: "HTTP version not supported" };
const host: HeadRejection = { status: 400, error: "Exactly one Host is needed" };
const expectation: HeadRejection = { status: 417, error: "Expectation not supported" };
const coding: HeadRejection = { status: 501, error: "Transfer coding not supported" };

/** A list of nothing but 100-continue, or of nothing. */
const onlyContinue = /^[\t ,]*(?:100-continue[\t ]*(?:,[\t ,]*|$))*$/i;

/**
 * Finds what node:http lets through though two servers could read it differently: heads so long that one
 * of them may lose lines, HTTP/0.9, no or several hosts (RFC 9112 §3.2), and codings beside chunked, which
 * would pass as content (§6.1). Also what it answers in words of its own, or not at all: expectations other
 * than 100-continue (RFC 9110 §10.1.1).
 *
 * @param linesAdded header lines that are not the client's
 */
export function validateHead(
  { httpVersion, rawHeaders }: IncomingMessage,
  linesAdded = 0,
): HeadRejection | null {
  if (rawHeaders.length > 2 * (largestHeadLines + linesAdded)) return headTooLarge;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return version;
  let hosts = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4) {
      if (name.toLowerCase() === "host") hosts++;
    } else if (name.length === 6 && name.toLowerCase() === "expect") {
      if (!onlyContinue.test(rawHeaders[at + 1] ?? "")) return expectation;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") {
      if (rawHeaders[at + 1]?.trim().toLowerCase() !== "chunked") return coding;
    }
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0") ? null : host;
}

/**
 * Makes the first look at every request of a server: true when it was rejected, or follows one that was on
 * its connection, of which it may be a part.
 */
export function rejectInvalidHeads(onReject: (incoming: IncomingMessage, rejection: HeadRejection) => void) {
  const rejected = new WeakSet<Socket>();
  return (incoming: IncomingMessage, response: ServerResponse, linesAdded = 0): boolean => {
    if (rejected.has(incoming.socket)) return true;
    const rejection = validateHead(incoming, linesAdded);
    if (!rejection) return false;
    rejected.add(incoming.socket);
    response.shouldKeepAlive = false;
    onReject(incoming, rejection);
    if (announcesBody(incoming)) lingeringClose(incoming);
    answerJson(response, rejection.status, { error: rejection.error });
    return true;
  };
}
