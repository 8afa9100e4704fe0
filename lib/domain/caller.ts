import * as crypto from "node:crypto";
import type { DenialReason } from "./gate";

/**
 * Callers kept apart, for each instance and for each account; whoever comes beyond them is summed up as one
 * "other callers" of the instance. Whoever knows one instance's URL can fill that instance's share only.
 */
export const callerLimits = { perInstance: 500, perAccount: 5000 } as const;

/** What became of a request at the gate. */
export type Outcome = "accepted" | DenialReason;

/** Who calls: client address and program, at one instance. */
interface CallerKey {
  readonly instanceId: string;
  /** Canonical; null when it is not known. */
  readonly address: string | null;
  /** Short name of the program; empty when it gave none. */
  readonly agent: string;
}

function uuidOf(...parts: readonly string[]): string {
  // One call builds no stream: gates do this for thousands of callers a second.
  const hex = crypto.hash("sha256", JSON.stringify(parts), "hex");
  const piece = (from: number, to: number) => hex.slice(from, to);
  return `${piece(0, 8)}-${piece(8, 12)}-${piece(12, 16)}-${piece(16, 20)}-${piece(20, 32)}`;
}

/** The id of a caller's row: derived from its key, so that every gate gives one caller the same id. */
export function callerId({ instanceId, address, agent }: CallerKey): string {
  return uuidOf("caller", instanceId, address ?? "", agent);
}

/** The id of the row that stands for an instance's other callers. */
export function otherCallersId(instanceId: string): string {
  return uuidOf("others", instanceId);
}
