import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { AnswerBody } from "./answer-body";
import { ClientLeft, type ExchangeClient, type ExchangeOutcome } from "./exchange-parts";
import { flatLines, valuesOf } from "./header-lines";
import { lingerOn } from "./linger";
import { linesOf, passInterim } from "./raw-lines";
import { hasBody, refuseSwitch, UnusableAnswer } from "./upstream-head";
import { diedInReuse } from "./upstream-socket";

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
