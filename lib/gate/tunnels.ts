import { Tunnel, type TunnelJudging, type TunnelParts } from "./tunnel";
import { closeCodes } from "./web-socket-frames";

const judgeEveryMs = 2000;

/**
 * All open tunnels of this process. Each is judged again when something of its account has changed, and
 * every two seconds, because a token can end by time; one that would not be let in now is closed, and its caller
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
