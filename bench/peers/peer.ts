import type { Bench } from "../bench";
import type { LoadRequest } from "../call";
import type { Expected } from "../load/wrk-output";
import type { Child } from "../process/children";

/** A running peer. */
export interface RunningPeer {
  readonly port: number;
  readonly child: Child;
  /** What it is asked, where that is not the bench's own call. */
  readonly request?: LoadRequest;
  /** Version of what it is made with. */
  readonly version: string;
}

/** Something that is measured beside the others. */
export interface Peer {
  readonly name: string;
  /** For the table. */
  readonly label: string;
  readonly expected: Expected;
  start(bench: Bench): Promise<RunningPeer>;
}
