import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { config } from "@/lib/config";
import { peerClient } from "../../net/client-address";
import { type HeaderList, headerField } from "../headers";
import { ConnectionMemo, type GateRequest, type WholeResponse } from "../messages";

/** What node:http keeps of an answer whose head is set and not sent yet. */
interface Unsent {
  _header?: unknown;
  _headerSent?: unknown;
  chunkedEncoding?: unknown;
}

/**
 * Ends an answer whose head is set and not sent yet. `end(body)` hands the system three pieces, an empty
 * one among them, which costs a tenth of a whole exchange; here the body is joined to the head, which
 * node:http holds as text until then, and one piece leaves. Where that is not so, `end` does it.
 *
 * @param body one character for each byte; its length must be what the head says
 */
export function endAtOnce(response: ServerResponse, body: string): void {
  const unsent = response as ServerResponse & Unsent;
  const joinable =
    typeof unsent._header === "string" && unsent._headerSent === false && unsent.chunkedEncoding === false;
  if (!joinable) {
    response.end(body, "latin1");
    return;
  }
  unsent._header += body;
  response.end();
}

const mostBytes = 4 * 1024 * 1024;
const longestMs = 5000;

/**
 * Lets a client read an answer that came before the end of its body. Closing a socket that still receives
 * makes the system reset it, and the answer is lost (RFC 9112 §9.6): so this end is closed, and what
 * arrives is dropped for a bounded time and number of bytes.
 */
export function lingeringClose(incoming: IncomingMessage): void {
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

/**
 * A client's body as it comes, at the pace of its reader. Destroying it leaves the client's connection
 * alone, because an answer may still be on its way there; what the client goes on sending is dropped.
 */
export class ClientBody extends Readable {
  readonly #incoming: IncomingMessage;
  #started = false;

  constructor(incoming: IncomingMessage) {
    super({ highWaterMark: 64 * 1024 });
    this.#incoming = incoming;
  }

  readonly #take = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#incoming.pause();
  };

  readonly #finish = (): void => {
    this.push(null);
  };

  readonly #breakOff = (): void => {
    if (!this.#incoming.complete) this.destroy(new Error("the client's body broke off"));
  };

  override _read(): void {
    if (!this.#started) {
      this.#started = true;
      this.#incoming
        .on("data", this.#take)
        .on("end", this.#finish)
        .on("error", this.#breakOff)
        .on("close", this.#breakOff);
    }
    this.#incoming.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#incoming
      .off("data", this.#take)
      .off("end", this.#finish)
      .off("close", this.#breakOff)
      .on("error", () => {})
      .resume();
    callback(error);
  }
}

/** The header lines that node:http received, names in lower case. */
export function receivedHeaders({ rawHeaders }: IncomingMessage): string[] {
  const lines = [...rawHeaders];
  for (let at = 0; at < lines.length; at += 2) lines[at] = headerField(lines[at] ?? "").name;
  return lines;
}

let pinned: "http" | "https" | null | undefined;

/** The scheme that the configuration fixes; null when each request tells. */
function pinnedProtocol(): "http" | "https" | null {
  if (pinned === undefined) {
    const url = config().gateUrl ?? config().url;
    pinned = url === undefined ? null : url.startsWith("https:") ? "https" : "http";
  }
  return pinned;
}

const memos = new WeakMap<object, ConnectionMemo>();

function memoOf(connection: object): ConnectionMemo {
  let memo = memos.get(connection);
  if (!memo) {
    memo = new ConnectionMemo();
    memos.set(connection, memo);
  }
  return memo;
}

/** Told apart from those of other processes and of earlier lives of this one. */
const idPrefix = `${randomBytes(8).toString("hex")}-`;
let lastId = 0;

/** The host that a client asked for, as far as proxies in front of us may say so. */
export function requestedHost(incoming: IncomingMessage): string | null {
  const { socket, rawHeaders } = incoming;
  const client = peerClient(socket.remoteAddress, () => receivedHeaders(incoming));
  if (client.host !== null) return client.host;
  // Not `headers`, which node:http makes of all lines when it is first asked for.
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && headerField(name).name === "host");
  return memoOf(socket).host(at < 0 ? undefined : rawHeaders[at + 1]);
}

/** A request as node:http received it. Nothing is computed before it is asked for twice. */
export class NodeRequest implements GateRequest {
  readonly id = idPrefix + (++lastId).toString(36);
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Readable | null;
  readonly bodyOutOfReach = false;
  readonly clientAddress: string | null;
  readonly host: string | null;
  readonly protocol: "http" | "https";
  readonly memo: ConnectionMemo;
  readonly onBodyWanted: (() => void) | undefined;

  constructor(incoming: IncomingMessage, onBodyWanted?: () => void) {
    this.onBodyWanted = onBodyWanted;
    this.method = incoming.method ?? "GET";
    this.target = incoming.url ?? "/";
    const headers = receivedHeaders(incoming);
    this.headers = headers;
    let host: string | undefined;
    let hasBody = false;
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at];
      if (name === "host") host = headers[at + 1];
      else if (name === "transfer-encoding") hasBody = true;
      else if (name === "content-length") hasBody ||= Number(headers[at + 1]) > 0;
    }
    this.body = hasBody ? new ClientBody(incoming) : null;
    const client = peerClient(incoming.socket.remoteAddress, () => headers);
    this.clientAddress = client.address;
    this.memo = memoOf(incoming.socket);
    this.host = client.host ?? this.memo.host(host);
    this.protocol = pinnedProtocol() ?? client.protocol ?? "http";
  }
}

/**
 * Sends a whole answer. When the client has not sent its whole body, the connection ends with it: what
 * is left of the body could be endless, and nobody wants to read it.
 *
 * @param hasBody the request came with a body
 */
export function sendAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: WholeResponse,
  hasBody: boolean,
): void {
  if (response.headersSent || response.destroyed) return;
  // Without a body, Node.js sets `complete` only after the request has been handed over.
  if (hasBody && !incoming.complete) {
    response.shouldKeepAlive = false;
    lingeringClose(incoming);
  }
  response.writeHead(answer.status, answer.headers as string[]);
  if (answer.body === null) response.end();
  else endAtOnce(response, bytesAsText(answer.body));
}

/** One character for each byte of the text in UTF-8; nearly always the text itself. */
function bytesAsText(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString("latin1");
}
