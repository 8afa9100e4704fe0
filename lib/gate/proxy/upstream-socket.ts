import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** What an informational answer begins with, but for its last two digits; `#` is any digit. */
const interimStart = Buffer.from("HTTP/1.# 1", "latin1");
const endOfHead = Buffer.from("\r\n\r\n", "latin1");
const [any, zero, one, nine, cr] = [0x23, 0x30, 0x31, 0x39, 0x0d];

const isDigit = (byte: number) => byte >= zero && byte <= nine;

/**
 * Follows the answers on one connection to an upstream. undici takes a `100 Continue` that it did not ask
 * for as a reason to break the connection off, although a server may send one at any time and a client has
 * to be able to skip it (RFC 9110 §15.2). So its last digit is changed in place while it arrives: 109 means
 * nothing, and is skipped like any informational answer.
 */
export class AnswerWatch {
  #requests = 0;
  #brought = false;
  /** Where the bytes that come next belong: a status line, an informational head behind it, or neither. */
  #within: "start" | "interim" | "rest" = "rest";
  /** Bytes of the status line, or of the line breaks that end a head, that were there so far. */
  #matched = 0;
  #secondDigit = 0;

  /** True when the connection had served before, and has brought nothing since its last request. */
  get silentInReuse(): boolean {
    return this.#requests > 1 && !this.#brought;
  }

  requested(): void {
    this.#requests++;
    this.#brought = false;
    this.#within = "start";
    this.#matched = 0;
  }

  take(chunk: Uint8Array): void {
    this.#brought = true;
    for (let at = 0; at < chunk.length && this.#within !== "rest"; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#within === "interim") this.#seekEnd(byte);
      else if (this.#startsWith(byte)) chunk[at] = nine;
    }
  }

  /** True for the last digit of 100. */
  #startsWith(byte: number): boolean {
    const place = this.#matched++;
    const expected = interimStart[place];
    if (expected !== undefined) {
      if (expected === any ? !isDigit(byte) : byte !== expected) this.#within = "rest";
      return false;
    }
    if (place === interimStart.length) {
      this.#secondDigit = byte;
      return false;
    }
    this.#matched = 0;
    const switches = this.#secondDigit === zero && byte === one;
    this.#within = switches ? "rest" : "interim";
    return this.#secondDigit === zero && byte === zero;
  }

  #seekEnd(byte: number): void {
    if (byte === endOfHead[this.#matched]) this.#matched++;
    else this.#matched = byte === cr ? 1 : 0;
    if (this.#matched < endOfHead.length) return;
    this.#matched = 0;
    this.#within = "start";
  }
}

const watches = new WeakMap<object, AnswerWatch>();

/** Published by undici right before it writes the head of a request. */
subscribe("undici:client:sendHeaders", (message) => {
  const { socket } = message as { readonly socket: object };
  watches.get(socket)?.requested();
});

/** Errors of connections that were closed by the other side before an answer began. */
const silentDeaths = new WeakSet<Error>();

function watch(socket: Socket): void {
  const answers = new AnswerWatch();
  watches.set(socket, answers);
  // Where every byte passes once, in order; undici puts some back and reads them again.
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) answers.take(chunk);
    return push(chunk, encoding);
  };
  socket.on("error", (error) => {
    if (answers.silentInReuse) silentDeaths.add(error);
  });
}

/** Makes a connector whose connections bear an unasked 100, and tell how far they had come when they broke. */
export function watchingAnswers(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result: Parameters<buildConnector.Callback>) => {
      const [, socket] = result;
      if (socket) watch(socket);
      callback(...result);
    });
  };
}

const deaths: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/**
 * True when an exchange failed because the connection it was given, used before, was closed by the other
 * side before an answer began. It may have been closed before the request arrived, as servers do with idle
 * connections.
 */
export function diedInReuse(error: Error): boolean {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return deaths.has(code) && silentDeaths.has(error);
}
