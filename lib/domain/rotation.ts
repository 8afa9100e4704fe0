import type { SeenToken } from "./preflight-evidence";

/** How long the old token is accepted beside the new one. */
export const overlaps = ["1h", "24h", "7d", "open", "now"] as const;

/** `open`: until the rotation is finished by hand; `now`: not at all. */
export type Overlap = (typeof overlaps)[number];

const hour = 3_600_000;

const lengths: Readonly<Record<Exclude<Overlap, "open">, number>> = {
  now: 0,
  "1h": hour,
  "24h": 24 * hour,
  "7d": 7 * 24 * hour,
};

/** When the old token stops being accepted; null: not before someone finishes the rotation. */
export function retirementAt(overlap: Overlap, now: Date): Date | null {
  return overlap === "open" ? null : new Date(now.getTime() + lengths[overlap]);
}

/**
 * A gate that has not heard of the rotation yet goes on calling the old token the current one. What carries
 * "current" this soon after the rotation is therefore not believed to be the new one.
 */
export const settleMs = 3000;

/** What came with "retiring" that long before the rotation carried a still older token, which has ended. */
const clockSkewMs = 10 * 60_000;

/** How long those beyond the limits have to call again. */
const comeBackMs = 24 * 60 * 60_000;

/** What is known of a caller that may still send the old token. */
export interface RotatingCaller {
  /** True for the one row of an instance that stands for all callers beyond the limits. */
  readonly others: boolean;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly lastToken: SeenToken;
  /** When it last came with a live token. */
  readonly liveAt: Date | null;
  /** Whether it came with the old token within the last hour or two, since the rotation. */
  readonly oldRecently: boolean;
  /** Whether it came with the new token in an hour before that one. */
  readonly newBefore: boolean;
}

/**
 * Whether a caller counts as one that still sends the old token: until something else was heard of it. What
 * a gate called "current" before the rotation is the old token now. A caller that sent the old one again after
 * the new one mixes, like two programs behind one address, and counts. Of callers beyond the limits some may not have
 * called since the rotation: their row counts for a day. Pure.
 *
 * @param rotatedAt when the new token was made
 */
export function sendsOldToken(caller: RotatingCaller, rotatedAt: Date, now: Date): boolean {
  const { others, firstSeenAt, lastSeenAt, lastToken, liveAt, oldRecently, newBefore } = caller;
  const settled = rotatedAt.getTime() + settleMs;
  const isRecent = now.getTime() - rotatedAt.getTime() < comeBackMs;
  if (others && liveAt !== null && firstSeenAt.getTime() <= settled && isRecent) return true;
  switch (lastToken) {
    case "retiring":
      return lastSeenAt.getTime() > rotatedAt.getTime() - clockSkewMs;
    case "live":
      // An older gate did not say which.
      return true;
    case "current":
      if (lastSeenAt.getTime() <= settled) return true;
      // Of many callers in one row, the latest says nothing about the rest.
      return oldRecently && (others || newBefore);
    case "none":
      // Refused before anyone looked at its token: what it sent before that counts.
      return oldRecently || (liveAt !== null && liveAt.getTime() <= settled);
    default:
      // Rejected, or let in without a token: ending the old one changes nothing, unless it mixes.
      return oldRecently;
  }
}
