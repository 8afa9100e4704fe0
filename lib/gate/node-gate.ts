import type { Duplex } from "node:stream";
import type { Admitting } from "./admit";
import type { GateError } from "./denial";
import type { ExchangeOutcome } from "./exchange-parts";
import type { Tunnels } from "./tunnels";
import type { UpstreamPools } from "./upstream-pools";

/** How a request to an instance ended. */
export interface Served {
  readonly outcome: "accepted" | GateError["reason"] | Exclude<ExchangeOutcome, "complete" | "failed">;
  readonly durationMs: number;
}

/** What the door needs from its surroundings. */
export interface NodeGate extends Admitting {
  readonly pools: UpstreamPools;
  readonly tunnels: Tunnels;
  /** Told once of each request that ended, for the metrics. */
  readonly served: (served: Served) => void;
}

/** What a WebSocket needs: the connection, taken off node:http, and what it has brought already. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly early: Buffer;
}

/** How a request came in. */
export interface VisitOptions {
  /** The client waits for 100 before it sends its body; it gets it once it is let in. */
  readonly expectsContinue: boolean;
  /** null: an ordinary request. */
  readonly upgrade: Upgrade | null;
}
