import { type buildConnector, Client, type Dispatcher, Pool } from "undici";
import {
  type GateError,
  upstreamBusy,
  upstreamHeadersTooLarge,
  upstreamTimedOut,
  upstreamUnreachable,
} from "../decide/denial";
import { failureCode } from "../log";

/** How connections to upstreams are kept. */
interface PoolOptions {
  readonly connect: buildConnector.connector;
  readonly connections: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

interface Upstream {
  readonly pool: Pool;
  /** Round trips that have begun and not ended. */
  active: number;
  /** Round trips that have ever begun; by it the sweep notices that there were any. */
  begun: number;
  begunAtSweep: number;
}

/** What an upstream's head may hold in names and values: undici refuses from this number on. */
const mostHeadBytes = 64 * 1024 + 1;

const mostUpstreams = 1024;
/** An upstream without any for as long is forgotten. */
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

  /** Round trips under way. */
  get active(): number {
    let sum = 0;
    for (const { active } of this.#upstreams.values()) sum += active;
    return sum;
  }

  /**
   * Begins a round trip. What goes wrong with it is told to the handler, never thrown.
   *
   * @param fresh on a connection of its own, that none has used and none will use again
   * @returns must be called once when it has ended; null when too many wait already, and nothing was begun
   */
  dispatch(
    origin: string,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    { fresh }: { readonly fresh: boolean },
  ): (() => void) | null {
    const upstream = this.#of(origin);
    if (upstream.active >= this.#options.connections * 2) return null;
    upstream.active++;
    upstream.begun++;
    if (fresh) this.#dispatchOnce(origin, options, handler);
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
      // A round trip counts on one request a connection.
      allowH2: false,
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

  /** The first without a round trip; else simply the first, whose round trips end as they would. */
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

const timeouts: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

/** What the client is told about an upstream that did not answer. */
export function upstreamError(error: unknown): GateError {
  const code = failureCode(error);
  if (code === "UPSTREAM_BUSY") return upstreamBusy;
  if (code === "UND_ERR_HEADERS_OVERFLOW") return upstreamHeadersTooLarge;
  return timeouts.has(code) ? upstreamTimedOut : upstreamUnreachable;
}
