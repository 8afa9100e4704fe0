import type { Duplex } from "node:stream";
import { type AuthorizeParts, authorize } from "./authorize";
import type { GatheredFacts } from "./facts";
import { closeCodes, closeFrame, WebSocketFrames } from "./web-socket-frames";

/** Two connections that pass bytes to each other, and why they may. */
export interface TunnelParts {
  readonly client: Duplex;
  readonly upstream: Duplex;
  readonly accountId: string;
  /** The facts of the request that opened it; it is judged by them again and again. */
  readonly gathered: GatheredFacts;
}

const goodbyeMs = 1000;
const judgeEveryMs = 2000;

class Tunnel {
  readonly #parts: TunnelParts;
  readonly #frames = new WebSocketFrames();
  #closing = false;

  constructor(parts: TunnelParts, closed: () => void) {
    this.#parts = parts;
    const { client, upstream } = parts;
    const end = () => {
      client.destroy();
      upstream.destroy();
      closed();
    };
    for (const side of [client, upstream]) side.on("error", end).on("close", end);
    upstream.on("data", (chunk: Buffer) => this.#frames.take(chunk));
    client.pipe(upstream);
    upstream.pipe(client);
  }

  get accountId(): string {
    return this.#parts.accountId;
  }

  /** Says why, where that is possible, and ends both connections. */
  close(code: number): void {
    if (this.#closing) return;
    this.#closing = true;
    const { client, upstream } = this.#parts;
    upstream.unpipe(client).end();
    if (this.#frames.betweenFrames) client.write(closeFrame(code));
    client.unpipe(upstream).resume().end();
    setTimeout(() => client.destroy(), goodbyeMs).unref();
  }

  async judge(parts: AuthorizeParts): Promise<void> {
    const { decision } = await authorize(this.#parts.gathered, parts);
    if (decision.kind === "allow") return;
    const unavailable = decision.reason === "policy_unavailable";
    this.close(unavailable ? closeCodes.tryAgainLater : closeCodes.policyViolation);
  }
}

/**
 * All open tunnels of this process. Each is judged again when something of its account has changed, and
 * every two seconds, because a token can end by time; one that would not be let in now is closed.
 */
export class Tunnels {
  readonly #open = new Set<Tunnel>();
  readonly #parts: AuthorizeParts;
  readonly #timer: NodeJS.Timeout;

  constructor(parts: AuthorizeParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.judge(null), judgeEveryMs).unref();
  }

  get size(): number {
    return this.#open.size;
  }

  open(parts: TunnelParts): void {
    const tunnel = new Tunnel(parts, () => this.#open.delete(tunnel));
    this.#open.add(tunnel);
  }

  /** Judges those of an account, or all. */
  judge(accountId: string | null): void {
    for (const tunnel of this.#open) {
      if (accountId === null || tunnel.accountId === accountId) void tunnel.judge(this.#parts);
    }
  }

  /** Ends them all: this process goes away. */
  close(): void {
    clearInterval(this.#timer);
    for (const tunnel of this.#open) tunnel.close(closeCodes.goingAway);
  }
}
