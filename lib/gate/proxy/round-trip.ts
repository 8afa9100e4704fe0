import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import type { HeaderRecord } from "../headers";
import { releaseBody } from "../held-body";
import type { UpstreamPools } from "./pools";
import type { UpstreamRequest } from "./upstream-request";
import { hasBody, UnusableAnswer } from "./upstream-response";
import { diedInReuse } from "./upstream-socket";

/**
 * The client's side of a round trip: gets the upstream's answer piece by piece. Of `failed` and `head` one is
 * called, once; after `head` one of `end` and `brokeOff`. Nothing is called once the client has left.
 */
export interface Downstream {
  /** An informational answer, 102 to 199. */
  interim(status: number, headers: HeaderRecord): void;
  /** The head of the answer. @throws Error when it cannot be passed on; then `failed` is called */
  head(status: number, statusText: string, headers: HeaderRecord, hasBody: boolean): void;
  /** A piece of the body. False when the client is behind: nothing comes before `resume`. */
  data(chunk: Buffer): boolean;
  /** The answer is complete. */
  end(trailers: HeaderRecord): void;
  /** There is no answer, and nothing of one was passed on. */
  failed(error: Error): void;
  /** The answer broke off behind its head; it must not look complete. */
  brokeOff(error: Error): void;
  /** The upstream speaks WebSocket from now on; needed where a request asks for that. */
  upgraded?(status: number, headers: HeaderRecord, upstream: Duplex): void;
}

/** The client is gone. */
class ClientLeft extends Error {
  override name = "ClientLeft";
  readonly code = "CLIENT_LEFT";
}

/** More round trips wait for a connection to this upstream than it could take. */
class UpstreamBusy extends Error {
  override name = "UpstreamBusy";
  readonly code = "UPSTREAM_BUSY";
}

/** Methods that may be repeated without harm (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Informational answers that are passed on; a client that does not read must not make them pile up here. */
const mostInterim = 16;

const noTrailers: HeaderRecord = {};

/**
 * One request to an upstream and its answer, between any door and undici. Bytes go straight from one to the
 * other, each side waiting for the other; either side's end ends the other; a broken answer is never
 * completed. Redirects are answers like any other. undici calls the `on…` methods.
 */
export class RoundTrip implements Dispatcher.DispatchHandler {
  readonly #pools: Pick<UpstreamPools, "dispatch">;
  readonly #request: UpstreamRequest;
  readonly #downstream: Downstream;
  #controller: Dispatcher.DispatchController | null = null;
  #release: (() => void) | null = null;
  #headTaken = false;
  #over = false;
  #retried = false;
  #interim = 0;

  constructor(pools: Pick<UpstreamPools, "dispatch">, request: UpstreamRequest, downstream: Downstream) {
    this.#pools = pools;
    this.#request = request;
    this.#downstream = downstream;
  }

  start(): void {
    const { origin, target, method, headers, body, firstByteMs, upgrade } = this.#request;
    const options: Dispatcher.DispatchOptions = {
      path: target,
      // The type knows the usual methods only; HTTP allows any token.
      method: method as Dispatcher.HttpMethod,
      headers: headers as string[],
      body,
      upgrade: upgrade ? "websocket" : null,
      headersTimeout: firstByteMs,
    };
    // The other connections that were kept may have been closed as well.
    const release = this.#pools.dispatch(origin, options, this, { fresh: this.#retried });
    if (release === null) this.#fail(new UpstreamBusy());
    else if (this.#over) release();
    else this.#release = release;
  }

  /** The client takes more of the body. */
  resume(): void {
    this.#controller?.resume();
  }

  /** The client is gone: ends the exchange with the upstream. True when the answer was not complete. */
  abort(): boolean {
    if (this.#over) return false;
    this.#end();
    this.#controller?.abort(new ClientLeft());
    return true;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new ClientLeft());
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HeaderRecord,
    statusText = "",
  ): void {
    if (status < 200 && status !== 101) {
      if (this.#interim++ < mostInterim) this.#downstream.interim(status, headers);
      return;
    }
    const bodyComes = hasBody(this.#request.method, status);
    try {
      refuseSwitch(status);
      this.#downstream.head(status, statusText, headers, bodyComes);
    } catch (error) {
      controller.abort(error instanceof Error ? error : new UnusableAnswer("unusable answer"));
      return;
    }
    this.#headTaken = true;
    // undici waits for what a length announces, though nothing follows such a head.
    if (!bodyComes) this.#complete(noTrailers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) controller.abort(new UnusableAnswer("a body behind an answer that has none"));
    else if (!this.#downstream.data(chunk)) controller.pause();
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: HeaderRecord): void {
    if (!this.#over) this.#complete(trailers);
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: HeaderRecord,
    upstream: Duplex,
  ): void {
    const downstream = this.#downstream;
    if (this.#over || !downstream.upgraded) {
      upstream.destroy();
    } else if (String(headers.upgrade).toLowerCase() !== "websocket") {
      upstream.destroy();
      this.#fail(switched());
    } else {
      // What it throws comes back as the error of this round trip.
      downstream.upgraded(status, headers, upstream);
      this.#end();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    const { body, method } = this.#request;
    const mayRepeat = !this.#headTaken && !this.#retried && body === null && idempotent.has(method);
    if (!mayRepeat || !diedInReuse(error)) {
      this.#fail(error);
      return;
    }
    this.#retried = true;
    this.#release?.();
    this.start();
  }

  #complete(trailers: HeaderRecord): void {
    this.#end();
    this.#downstream.end(trailers);
  }

  #fail(error: Error): void {
    this.#end();
    if (this.#headTaken) this.#downstream.brokeOff(error);
    else this.#downstream.failed(error);
  }

  #end(): void {
    this.#over = true;
    releaseBody(this.#request.body);
    this.#release?.();
  }
}

function switched(): UnusableAnswer {
  return new UnusableAnswer("the upstream switched to a protocol it was not asked for");
}

/** @throws UnusableAnswer for 101 where no other protocol was asked for (RFC 9110 §7.8) */
function refuseSwitch(status: number): void {
  if (status === 101) throw switched();
}
