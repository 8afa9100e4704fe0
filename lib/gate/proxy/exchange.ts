import type { ServerResponse } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { BothSides } from "@/lib/domain/reverse-url";
import { endAtOnce, lingerOn } from "../doors/node-messages";
import { flatLines, type GateRequest, type GateResponse, pairLines, valuesOf } from "../messages";
import { linesOf, passInterim } from "./answer-urls";
import {
  type AnswerHead,
  answerHead,
  hasBody,
  refuseSwitch,
  UnusableAnswer,
  type UpstreamPools,
} from "./upstream";
import { diedInReuse } from "./upstream-socket";

/** A request as it goes on. */
export interface Onward {
  readonly origin: string;
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  /** How long the upstream may take to begin its answer; null: as long as its pool says. */
  readonly firstByteMs: number | null;
  /** By which the answer is told in the caller's words; null for what is no instance. */
  readonly sides: BothSides | null;
}

function discard(body: Readable): null {
  body.on("error", () => {}).resume();
  return null;
}

/**
 * Sends a request on and answers with the head of the upstream's response; its body follows as it comes.
 * Redirects are answers like any other. When the client is gone, the exchange with the upstream ends;
 * when the upstream breaks off, the returned stream errors, so that no door ends it as if complete.
 *
 * @throws Error when there is no answer; `upstreamError` says what to tell the client
 */
export async function forward(
  request: GateRequest,
  { origin, target, headers, firstByteMs, sides }: Onward,
  options: { dispatcher: Pick<Dispatcher, "request">; ownOrigin: boolean },
): Promise<GateResponse> {
  const answer = await options.dispatcher.request({
    origin,
    path: target,
    method: request.method,
    headers: flatLines(headers),
    body: request.body,
    signal: request.signal,
    headersTimeout: firstByteMs,
    responseHeaders: "raw",
    onInfo: ({ statusCode: interim }) => refuseSwitch(interim),
  });
  const { statusCode, statusText, body } = answer;
  try {
    // With `responseHeaders: "raw"` this is the flat list of names and values, whatever its type says.
    const lines = pairLines(answer.headers as unknown as string[]);
    const head = answerHead(statusCode, statusText, lines, { ownOrigin: options.ownOrigin, sides });
    return { ...head, body: hasBody(request.method, statusCode) ? body : discard(body) };
  } catch (error) {
    body.on("error", () => {}).destroy();
    throw error;
  }
}

/** Who asks for an exchange, and is told how it goes. One object, so that a request costs no closures. */
export interface ExchangeClient {
  readonly pools: UpstreamPools;
  readonly onward: Onward;
  readonly method: string;
  readonly body: Readable | null;
  readonly response: ServerResponse;
  /** True when the upstream is asked to speak WebSocket. */
  readonly upgrades: boolean;
  /** Makes the head that the client gets. @throws Error when the answer cannot be passed on */
  head(status: number, statusText: string, lines: readonly HeaderLine[]): AnswerHead;
  /** The trailer fields that may follow the body. */
  trailers(lines: readonly HeaderLine[]): readonly HeaderLine[];
  /** Answers in the upstream's place; called when nothing of an answer has been sent. */
  failed(error: Error): void;
  /** Called with the upstream's connection when it has agreed to speak WebSocket. */
  upgraded(head: AnswerHead, upstream: Duplex): void;
  /** Called once, when the exchange is over in one way or another. */
  ended(outcome: ExchangeOutcome): void;
}

/** How an exchange ended. */
export type ExchangeOutcome = "complete" | "failed" | "broke_off" | "client_left";

/** The client is gone. */
class ClientLeft extends Error {
  override name = "ClientLeft";
  readonly code = "CLIENT_LEFT";
}

const nothing = Buffer.alloc(0);

/** Up to this size, joining a body to its head is cheaper than writing two pieces. */
const joinedBytes = 8192;

/**
 * Writes the body of an answer as it comes. The first piece waits, no longer than the current turn of the
 * event loop, for what else arrives with it, so that small answers leave in one write.
 */
class AnswerBody {
  readonly #response: ServerResponse;
  #first: Buffer | null = null;
  #waits = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Call when the head has been set; it leaves with the first piece, or soon without one. */
  begin(): void {
    this.#waits = true;
    process.nextTick(this.#flush);
  }

  /** False when the client is behind; `drain` of the response tells when it is not any more. */
  write(chunk: Buffer): boolean {
    if (this.#waits && this.#first === null) {
      this.#first = chunk;
      return true;
    }
    this.#flush();
    return this.#response.write(chunk);
  }

  end(): void {
    this.#waits = false;
    const first = this.#first;
    if (first === null) this.#response.end();
    else if (first.length <= joinedBytes) endAtOnce(this.#response, first.toString("latin1"));
    else this.#response.end(first);
  }

  readonly #flush = (): void => {
    if (!this.#waits || this.#response.destroyed) return;
    this.#waits = false;
    // An empty piece sends the head, as Latin-1; `flushHeaders` would send it as UTF-8.
    this.#response.write(this.#first ?? nothing);
    this.#first = null;
  };
}

/** Methods that may be repeated without harm (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Informational answers that are passed on; a client that does not read must not make them pile up here. */
const mostInterim = 16;

/**
 * One exchange between a client on node:http and an upstream on undici. Bytes go straight from one to the
 * other, each side waiting for the other; either side's end ends the other; a broken answer is never
 * completed. undici calls the methods.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #client: ExchangeClient;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #release: (() => void) | undefined;
  #headTaken = false;
  #hasBody = false;
  #over = false;
  #retried = false;
  #interim = 0;
  readonly #answer: AnswerBody;

  constructor(client: ExchangeClient) {
    this.#client = client;
    this.#answer = new AnswerBody(client.response);
    client.response.on("close", this.#onClientClosed);
  }

  start(): void {
    const { pools, onward, method, body, upgrades } = this.#client;
    const { origin, target, headers, firstByteMs } = onward;
    const options: Dispatcher.DispatchOptions = {
      path: target,
      // The type knows the usual methods only; HTTP allows any token.
      method: method as Dispatcher.HttpMethod,
      headers: flatLines(headers),
      body,
      upgrade: upgrades ? "websocket" : null,
      headersTimeout: firstByteMs,
    };
    // The other connections that were kept may have been closed as well.
    const release = pools.dispatch(origin, options, this, { fresh: this.#retried });
    if (this.#over) release();
    else this.#release = release;
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) abort(new ClientLeft());
    else this.#abort = abort;
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    const { response, method } = this.#client;
    if (status < 200 && status !== 101) {
      if (this.#interim++ < mostInterim) passInterim(status, raw, response, this.#client.onward.sides);
      return true;
    }
    this.#resume = resume;
    try {
      this.#writeHead(status, statusText, linesOf(raw));
    } catch (error) {
      this.#abort?.(error instanceof Error ? error : new Error("unusable answer"));
      return true;
    }
    this.#headTaken = true;
    this.#hasBody = hasBody(method, status);
    if (this.#hasBody) this.#answer.begin();
    // undici waits for what a length announces, though nothing follows such a head.
    else this.#complete();
    return true;
  }

  /** @throws Error when the answer cannot be passed on */
  #writeHead(status: number, statusText: string, lines: readonly HeaderLine[]): void {
    const { body, response } = this.#client;
    refuseSwitch(status);
    const answer = this.#client.head(status, statusText, lines);
    // The upstream may not want the rest of the body; nobody can say where the next request would begin.
    if (body !== null && !response.req.complete) response.shouldKeepAlive = false;
    const flat = flatLines(answer.headers);
    if (answer.statusText === "") response.writeHead(answer.status, flat);
    else response.writeHead(answer.status, answer.statusText, flat);
  }

  onData(chunk: Buffer): boolean {
    const { response } = this.#client;
    if (this.#over) {
      this.#abort?.(new UnusableAnswer("a body behind an answer that has none"));
      return true;
    }
    if (this.#answer.write(chunk)) return true;
    response.once("drain", () => this.#resume?.());
    return false;
  }

  onUpgrade(status: number, raw: Buffer[] | string[] | null, upstream: Duplex): void {
    const client = this.#client;
    if (this.#over || !client.upgrades) {
      upstream.destroy();
      return;
    }
    const lines = linesOf((raw ?? []) as Buffer[]);
    if (valuesOf(lines, "upgrade").join().toLowerCase() !== "websocket") {
      upstream.destroy();
      this.onError(new UnusableAnswer("the upstream switched to a protocol it was not asked for"));
      return;
    }
    const answer = client.head(status, "", lines);
    this.#end("complete");
    client.upgraded(answer, upstream);
  }

  onComplete(rawTrailers: string[] | null): void {
    if (this.#over) return;
    if (rawTrailers && rawTrailers.length > 0) {
      const lines = this.#client.trailers(linesOf(rawTrailers as unknown as Buffer[]));
      if (lines.length > 0) this.#client.response.addTrailers(lines as [string, string][]);
    }
    this.#complete();
  }

  #complete(): void {
    const { body, response } = this.#client;
    if (body !== null && !response.req.complete) lingerOn(response.req);
    this.#end("complete");
    this.#answer.end();
  }

  onError(error: Error): void {
    if (this.#over) return;
    const { method, body, response } = this.#client;
    const mayRepeat = !this.#headTaken && !this.#retried && body === null && idempotent.has(method);
    if (mayRepeat && diedInReuse(error)) {
      this.#retried = true;
      this.#release?.();
      this.start();
      return;
    }
    if (this.#headTaken) {
      this.#end("broke_off");
      response.destroy();
    } else {
      this.#end("failed");
      this.#client.failed(error);
    }
  }

  readonly #onClientClosed = (): void => {
    if (this.#over) return;
    this.#end("client_left");
    this.#abort?.(new ClientLeft());
  };

  #end(outcome: ExchangeOutcome): void {
    this.#over = true;
    this.#release?.();
    this.#client.ended(outcome);
  }
}
