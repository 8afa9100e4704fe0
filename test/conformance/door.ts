import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { ConformanceCase, UpstreamAnswer } from "./case";

/** What came back; header names in lower case, one character for each byte. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** What reached the upstream, in the same terms. */
export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** One way to the gate, and the upstream behind it. */
export interface Door {
  /** Which column of the table applies. */
  readonly kind: "pipeline" | "route-handler" | "gate";
  /** Origin of the upstream behind it. */
  readonly upstream: string;
  /** Sends a filled case and returns the answer and everything the upstream received meanwhile. */
  run(
    entry: ConformanceCase,
    answer: UpstreamAnswer,
  ): Promise<{ readonly answer: Answer; readonly received: readonly Received[] }>;
}
