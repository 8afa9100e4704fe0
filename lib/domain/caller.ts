import { createHash } from "node:crypto";
import type { DenialReason } from "./gate";

/**
 * Callers kept apart, for each instance and for each account; whoever comes beyond them is summed up as one
 * "other callers" of the instance. Whoever knows one instance's URL can fill that instance's share only.
 */
export const callerLimits = { perInstance: 500, perAccount: 5000 } as const;

/** What became of a request at the gate. */
export type Outcome = "accepted" | DenialReason;

/** Who calls: client address and program, at one instance. */
export interface CallerKey {
  readonly instanceId: string;
  /** Canonical; null when it is not known. */
  readonly address: string | null;
  /** Short name of the program; empty when it gave none. */
  readonly agent: string;
}

function uuidOf(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The id of a caller's row: derived from its key, so that every gate gives one caller the same id. */
export function callerId({ instanceId, address, agent }: CallerKey): string {
  return uuidOf("caller", instanceId, address ?? "", agent);
}

/** The id of the row that stands for an instance's other callers. */
export function otherCallersId(instanceId: string): string {
  return uuidOf("others", instanceId);
}
