import { type buildConnector, Client, type Dispatcher, Pool } from "undici";

/** How connections to upstreams are kept. */
export interface PoolOptions {
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
export class UpstreamBusy extends Error {
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
