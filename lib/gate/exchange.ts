import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { AnswerBody } from "./answer-body";
import { diedInReuse } from "./connection-deaths";
import { ClientLeft, type ExchangeClient, type ExchangeOutcome } from "./exchange-parts";
import { flatLines } from "./header-lines";
import { linesOf, passHint } from "./raw-lines";
import { type AnswerHead, hasBody } from "./upstream-head";

/** Methods that may be repeated without harm (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Every connection that was kept may have been closed; a new one ends the tries. */
const mostRetries = 8;

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
  #retries = 0;
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
      ...(firstByteMs !== null && { headersTimeout: firstByteMs }),
    };
    const release = pools.dispatch(origin, options, this);
    if (this.#over) release();
    else this.#release = release;
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) abort(new ClientLeft());
    else this.#abort = abort;
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    const { response, method } = this.#client;
    if (status < 200) {
      if (status === 103) passHint(raw, response, this.#client.onward.sides);
      return true;
    }
    this.#headTaken = true;
    this.#resume = resume;
    let answer: AnswerHead;
    try {
      answer = this.#client.head(status, statusText, linesOf(raw));
    } catch (error) {
      this.#headTaken = false;
      this.#abort?.(error instanceof Error ? error : new Error("unusable answer"));
      return true;
    }
    const flat = flatLines(answer.headers);
    if (answer.statusText === "") response.writeHead(answer.status, flat);
    else response.writeHead(answer.status, answer.statusText, flat);
    this.#hasBody = hasBody(method, status);
    if (this.#hasBody) this.#answer.begin();
    return true;
  }

  onData(chunk: Buffer): boolean {
    const { response } = this.#client;
    if (!this.#hasBody) return true;
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
    const answer = client.head(status, "", linesOf((raw ?? []) as Buffer[]));
    this.#end("complete");
    client.upgraded(answer, upstream);
  }

  onComplete(rawTrailers: string[] | null): void {
    if (this.#over) return;
    if (rawTrailers && rawTrailers.length > 0) {
      const lines = this.#client.trailers(linesOf(rawTrailers as unknown as Buffer[]));
      if (lines.length > 0) this.#client.response.addTrailers(lines as [string, string][]);
    }
    this.#end("complete");
    this.#answer.end();
  }

  onError(error: Error): void {
    if (this.#over) return;
    const { method, body, response } = this.#client;
    if (
      !this.#headTaken &&
      this.#retries < mostRetries &&
      body === null &&
      idempotent.has(method) &&
      diedInReuse(error)
    ) {
      this.#retries++;
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
