import type { Machine } from "../machine/describe";
import type { FloodOutcome } from "../measurements/flood";
import type { GrowthResult } from "../measurements/growth";
import type { PeerResult } from "../measurements/peers";
import type { PropagationResult } from "../measurements/propagation";
import type { ReplacementResult } from "../measurements/replacement";
import type { SteadyResult } from "../measurements/steady";
import type { Settings } from "../settings";

/** A measurement that was tried: its figures, or why there are none. */
export type Outcome<T> =
  | { readonly value: T; readonly failure: null }
  | { readonly value: null; readonly failure: string };

/** Everything one run found. null: not asked for. */
export interface Report {
  /** Day of the run, UTC, as YYYY-MM-DD. */
  readonly date: string;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly peers: readonly PeerResult[] | null;
  readonly steady: Outcome<SteadyResult> | null;
  readonly growth: Outcome<GrowthResult> | null;
  readonly propagation: Outcome<PropagationResult> | null;
  readonly replacement: Outcome<ReplacementResult> | null;
  readonly flood: Outcome<FloodOutcome> | null;
}

/** True when every measurement that was tried has figures. */
export function isComplete(report: Report): boolean {
  const others = [report.steady, report.growth, report.propagation, report.replacement, report.flood];
  const allPeers = report.peers?.every((peer) => peer.failure === null) ?? true;
  return allPeers && others.every((outcome) => outcome === null || outcome.failure === null);
}
