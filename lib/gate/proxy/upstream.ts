import { type buildConnector, Client, type Dispatcher, Pool } from "undici";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { RequestPath } from "@/lib/domain/instance-url";
import { valuesOf } from "../messages";
import { type AnswerOptions, clientHeaders } from "./response-headers";

/** Where an instance's requests go. */
interface UpstreamPlace {
  readonly origin: string;
  /** Comes before every path; without a slash at its end. */
  readonly basePath: string;
}

// By URL: many instances lead to one upstream, and there may be a hundred thousand of them.
const places = new Map<string, UpstreamPlace>();
const mostPlaces = 1024;

/** Takes an upstream's URL apart; remembers what came of it. */
export function upstreamPlace(upstreamUrl: string): UpstreamPlace {
  let place = places.get(upstreamUrl);
  if (!place) {
    const { origin, pathname } = new URL(upstreamUrl);
    place = { origin, basePath: pathname.replace(/\/+$/, "") };
    if (places.size >= mostPlaces) places.clear();
    places.set(upstreamUrl, place);
  }
  return place;
}

/** The request target for an upstream: its base path, then what the client sent, byte for byte. */
export function upstreamTarget({ basePath }: UpstreamPlace, path: RequestPath): string {
  const target = basePath + path.rest;
  return (target === "" ? "/" : target) + path.query;
}

/** How connections to upstreams are kept. */
interface PoolOptions {
  readonly connect: buildConnector.connector;
  readonly connections: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

interface Upstream {
  readonly pool: Pool;
  /** Exchanges that have begun and not ended. */
  active: number;
  /** Exchanges that have ever begun; by it the sweep notices that there were any. */
  begun: number;
  begunAtSweep: number;
}

/** More exchanges wait for a connection to this upstream than it could take. */
class UpstreamBusy extends Error {
  override name = "UpstreamBusy";
  readonly code = "UPSTREAM_BUSY";
}

/** What an upstream's head may hold in names and values: undici refuses from this number on. */
export const mostHeadBytes = 64 * 1024 + 1;

const mostUpstreams = 1024;
/** An upstream without any exchange for as long is forgotten. */
const idleMs = 60_000;
/** Less than most servers wait, so that few connections die at the moment of their next use. */
const keepAliveMs = 15_000;
const longestKeepAliveMs = 60_000;

/** Kept-alive connections, a bounded pool for each of a bounded number of upstreams. */
export class UpstreamPools {
  readonly #options: PoolOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#forgetIdle(), idleMs).unref();
  }

  /** Upstreams that connections are kept to. */
  get size(): number {
    return this.#upstreams.size;
  }

  /** Exchanges under way. */
  get active(): number {
    let sum = 0;
    for (const { active } of this.#upstreams.values()) sum += active;
    return sum;
  }

  /**
   * Begins an exchange. Everything that goes wrong is told to the handler, never thrown.
   *
   * @param fresh on a connection of its own, that no exchange has used and none will use again
   * @returns must be called once when the exchange has ended
   */
  dispatch(
    origin: string,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    { fresh }: { readonly fresh: boolean },
  ): () => void {
    const upstream = this.#of(origin);
    upstream.active++;
    upstream.begun++;
    if (upstream.active > this.#options.connections * 2) handler.onError?.(new UpstreamBusy());
    else if (fresh) this.#dispatchOnce(origin, options, handler);
    else upstream.pool.dispatch(options, handler);
    return () => {
      upstream.active--;
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const upstreams = [...this.#upstreams.values()];
    this.#upstreams.clear();
    await Promise.all(upstreams.map(({ pool }) => pool.destroy()));
  }

  #dispatchOnce(
    origin: string,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): void {
    const client = new Client(origin, this.#clientOptions());
    client.dispatch(options, handler);
    client.close().catch(() => {});
  }

  #clientOptions(): Client.Options {
    const { connect, headersTimeoutMs, bodyTimeoutMs } = this.#options;
    return {
      connect,
      pipelining: 1,
      maxHeaderSize: mostHeadBytes,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: longestKeepAliveMs,
    };
  }

  #of(origin: string): Upstream {
    let upstream = this.#upstreams.get(origin);
    if (!upstream) {
      if (this.#upstreams.size >= mostUpstreams) this.#forgetOne();
      const pool = new Pool(origin, { ...this.#clientOptions(), connections: this.#options.connections });
      upstream = { pool, active: 0, begun: 0, begunAtSweep: 0 };
      this.#upstreams.set(origin, upstream);
    }
    return upstream;
  }

  #forgetIdle(): void {
    for (const [origin, upstream] of this.#upstreams) {
      const { active, begun, begunAtSweep } = upstream;
      if (active === 0 && begun === begunAtSweep) this.#forget(origin);
      else upstream.begunAtSweep = begun;
    }
  }

  /** The first without an exchange; else simply the first, whose exchanges end as they would. */
  #forgetOne(): void {
    let chosen: string | undefined;
    for (const [origin, { active }] of this.#upstreams) {
      chosen ??= origin;
      if (active > 0) continue;
      chosen = origin;
      break;
    }
    if (chosen !== undefined) this.#forget(chosen);
  }

  #forget(origin: string): void {
    const upstream = this.#upstreams.get(origin);
    this.#upstreams.delete(origin);
    upstream?.pool.close().catch(() => {});
  }
}

/** The head of an upstream's answer as a client gets it. */
export interface AnswerHead {
  readonly status: number;
  /** Empty when the standard phrase will do. */
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
}

/** Statuses without a body, whatever the headers say (RFC 9110 §6.4.1, §15.3.6). */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/** Their length could only be 0, so one that says otherwise must not reach a client that waits for it. */
const lengthless: ReadonlySet<number> = new Set([204, 205]);

/** A reason phrase that can be sent again (RFC 9112 §4); it means nothing, so it may as well be left out. */
const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;

/** An answer that cannot be passed on as it is. */
export class UnusableAnswer extends Error {
  override name = "UnusableAnswer";
  readonly code = "UNUSABLE_ANSWER";
}

/** @throws UnusableAnswer for 101 where no other protocol was asked for (RFC 9110 §7.8) */
export function refuseSwitch(status: number): void {
  if (status === 101) throw new UnusableAnswer("the upstream switched to a protocol it was not asked for");
}

/** True when an answer with this status to this method has a body (RFC 9112 §6.3). */
export function hasBody(method: string, status: number): boolean {
  return method !== "HEAD" && !bodyless.has(status);
}

/**
 * Turns the head of an upstream's answer into what the client gets.
 *
 * @throws UnusableAnswer for a coding other than chunked: it would pass as content, since the gate never
 *   asked for one (`TE`)
 */
export function answerHead(
  status: number,
  statusText: string,
  lines: readonly HeaderLine[],
  options: AnswerOptions,
): AnswerHead {
  const codings = valuesOf(lines, "transfer-encoding");
  if (codings.length > 0 && codings.join().trim().toLowerCase() !== "chunked")
    throw new UnusableAnswer("the upstream used a transfer coding it was not asked for");
  const kept = lengthless.has(status) ? lines.filter(([name]) => name !== "content-length") : lines;
  const headers = clientHeaders(kept, options);
  // Unlike 204, this one has to say that it is empty (RFC 9110 §15.3.6).
  if (status === 205) headers.push(["content-length", "0"]);
  return { status, statusText: reasonPhrase.test(statusText) ? statusText : "", headers };
}
