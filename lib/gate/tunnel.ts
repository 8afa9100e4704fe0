import type { Duplex } from "node:stream";
import { type AuthorizeParts, authorize } from "./authorize";
import type { GatheredFacts } from "./facts";
import type { Observation } from "./observation";
import { type ObservedRequest, observationOf } from "./observation-of";
import { closeCodes, closeFrame, WebSocketFrames } from "./web-socket-frames";

/** Two connections that pass bytes to each other, and why they may. */
export interface TunnelParts {
  readonly client: Duplex;
  readonly upstream: Duplex;
  readonly accountId: string;
  /** The facts of the request that opened it; it is judged by them again and again. */
  readonly gathered: GatheredFacts;
  /** What is observed of that request; as little as possible, for it is kept as long as the tunnel. */
  readonly request: ObservedRequest;
}

/** What judging tunnels stands on. */
export interface TunnelJudging extends AuthorizeParts {
  readonly observe: (observation: Observation) => void;
}

const goodbyeMs = 1000;
/** How often one that carries bytes is seen, unless its account changes. */
const sightEveryMs = 60_000;

/** A connection that was let in, passed through as bytes until it would not be let in now. */
export class Tunnel {
  readonly #parts: TunnelParts;
  readonly #frames = new WebSocketFrames();
  #over = false;
  /** Whether bytes passed since it was last seen, or since its account changed. */
  #carried = false;
  #sightedAt = performance.now();

  constructor(parts: TunnelParts, closed: () => void) {
    this.#parts = parts;
    const { client, upstream } = parts;
    const end = () => {
      this.#over = true;
      client.destroy();
      upstream.destroy();
      closed();
    };
    for (const side of [client, upstream]) side.on("error", end).on("close", end);
    upstream.on("data", (chunk: Buffer) => {
      this.#carried = true;
      this.#frames.take(chunk);
    });
    client.on("data", () => {
      this.#carried = true;
    });
    client.pipe(upstream);
    upstream.pipe(client);
  }

  get accountId(): string {
    return this.#parts.accountId;
  }

  /** Says why, where that is possible, and ends both connections. */
  close(code: number): void {
    if (this.#over) return;
    this.#over = true;
    const { client, upstream } = this.#parts;
    upstream.unpipe(client).end();
    if (this.#frames.betweenFrames) client.write(closeFrame(code));
    client.unpipe(upstream).resume().end();
    setTimeout(() => client.destroy(), goodbyeMs).unref();
  }

  /** What it carries from now on says something about what has changed, and is seen at the next look. */
  changed(): void {
    this.#carried = false;
    this.#sightedAt = Number.NEGATIVE_INFINITY;
  }

  /** Closes it when it would not be let in now, which counts as a rejected request. */
  async judge(judging: TunnelJudging): Promise<void> {
    const { gathered, request } = this.#parts;
    const given = await authorize(gathered, judging);
    if (this.#over) return;
    const { decision } = given;
    const rejected = decision.kind === "deny";
    if (rejected || this.#isDue()) {
      const seen = gathered.path && observationOf(request, gathered.path, given, judging.now().getTime());
      if (seen) judging.observe(rejected ? seen : { ...seen, requests: 0 });
    }
    if (!rejected) return;
    const unavailable = decision.reason === "policy_unavailable";
    this.close(unavailable ? closeCodes.tryAgainLater : closeCodes.policyViolation);
  }

  /** True once for each minute in which it carried bytes. */
  #isDue(): boolean {
    const now = performance.now();
    if (!this.#carried || now - this.#sightedAt < sightEveryMs) return false;
    this.#carried = false;
    this.#sightedAt = now;
    return true;
  }
}
