import type { Duplex } from "node:stream";
import { policyUnavailable } from "../decide/denial";
import { judgeRequest, type RequestJudge } from "../decide/judge";
import type { GateRequest } from "../messages";
import type { CallerEvent } from "../observe/caller-event";

const longestHeader = 14;

/**
 * Follows the frames of a WebSocket (RFC 6455 §5.2) in one direction, only to know where one ends: a frame
 * of our own may be written nowhere else.
 */
export class WebSocketFrames {
  /** Bytes of the current frame's payload that have not passed yet. */
  #payloadLeft = 0n;
  readonly #header = Buffer.alloc(longestHeader);
  #headerBytes = 0;

  /** True between two frames. */
  get betweenFrames(): boolean {
    return this.#payloadLeft === 0n && this.#headerBytes === 0;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0n) {
        const passing = BigInt(chunk.length - at);
        if (passing < this.#payloadLeft) {
          this.#payloadLeft -= passing;
          return;
        }
        at += Number(this.#payloadLeft);
        this.#payloadLeft = 0n;
        continue;
      }
      this.#header[this.#headerBytes++] = chunk[at++] ?? 0;
      if (this.#headerBytes < this.#headerLength()) continue;
      this.#payloadLeft = this.#payloadLength();
      this.#headerBytes = 0;
    }
  }

  #headerLength(): number {
    if (this.#headerBytes < 2) return 2;
    const second = this.#header[1] ?? 0;
    const length = second & 0x7f;
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
  }

  #payloadLength(): bigint {
    const length = (this.#header[1] ?? 0) & 0x7f;
    if (length < 126) return BigInt(length);
    return length === 126 ? BigInt(this.#header.readUInt16BE(2)) : this.#header.readBigUInt64BE(2);
  }
}

/** Why a WebSocket is closed (RFC 6455 §7.4.1). */
const closeCodes = { goingAway: 1001, policyViolation: 1008, tryAgainLater: 1013 } as const;

/** A close frame as a server sends it. */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 2, code >> 8, code & 0xff]);
}

/** Two connections that pass bytes to each other, and why they may. */
interface TunnelParts {
  readonly client: Duplex;
  readonly upstream: Duplex;
  readonly accountId: string;
  readonly instanceId: string;
  /** The request that opened it; it is judged and observed by it again and again. */
  readonly request: GateRequest;
}

/** What judging tunnels stands on. */
type TunnelJudging = RequestJudge & Required<Pick<RequestJudge, "observe">>;

const goodbyeMs = 1000;
/** How often one that carries bytes is seen, unless its account changes. */
const sightEveryMs = 60_000;

/** A connection that was let in, passed through as bytes until it would not be let in now. */
class Tunnel {
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

  /**
   * Closes it when its request would not be let in now, or would be another instance's, which counts as a rejected request.
   * All of that is looked at anew: whose its name is by now, and under which keys digests are kept.
   */
  async judge(judging: TunnelJudging): Promise<void> {
    const { request, instanceId } = this.#parts;
    let seen: CallerEvent | null = null;
    const observe = (event: CallerEvent) => {
      seen = event;
    };
    const judged = await judgeRequest(request, { ...judging, observe });
    if (this.#over) return;
    const isLetIn = judged.kind === "pass" && judged.policy.instanceId === instanceId;
    this.#observe(seen, isLetIn, judging.observe);
    if (isLetIn) return;
    const unavailable = judged.kind === "reject" && judged.error.reason === policyUnavailable.reason;
    this.close(unavailable ? closeCodes.tryAgainLater : closeCodes.policyViolation);
  }

  /** What was seen of another instance says nothing of this one. */
  #observe(seen: CallerEvent | null, isLetIn: boolean, observe: TunnelJudging["observe"]): void {
    if (seen === null || seen.instanceId !== this.#parts.instanceId) return;
    if (!isLetIn) {
      if (seen.outcome !== "accepted") observe(seen);
    } else if (this.#isDue()) observe({ ...seen, requests: 0 });
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

const judgeEveryMs = 2000;

/**
 * All open tunnels of this process. Each is judged again when something of its account has changed, and
 * every two seconds, because a token or a caller's grace can end by time; one that would not be let in now is closed, and its caller
 * observed as rejected. While one carries bytes its caller is seen about once a minute, and soon after a change.
 */
export class Tunnels {
  readonly #open = new Set<Tunnel>();
  readonly #judging: TunnelJudging;
  readonly #timer: NodeJS.Timeout;

  constructor(judging: TunnelJudging) {
    this.#judging = judging;
    this.#timer = setInterval(() => this.judge(null), judgeEveryMs).unref();
  }

  get size(): number {
    return this.#open.size;
  }

  open(parts: TunnelParts): void {
    const tunnel = new Tunnel(parts, () => this.#open.delete(tunnel));
    this.#open.add(tunnel);
  }

  /** Judges those of an account that has changed, or all. */
  judge(accountId: string | null): void {
    for (const tunnel of this.#open) {
      if (accountId !== null && tunnel.accountId !== accountId) continue;
      if (accountId !== null) tunnel.changed();
      void tunnel.judge(this.#judging);
    }
  }

  /** Ends them all: this process goes away. */
  close(): void {
    clearInterval(this.#timer);
    for (const tunnel of this.#open) tunnel.close(closeCodes.goingAway);
  }
}
