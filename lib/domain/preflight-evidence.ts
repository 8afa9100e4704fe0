import type { TokenVerdict } from "./gate";
import { settleMs } from "./rotation";

/** Tokens as far as they say since when what callers sent can be relied on. */
export interface TokenSpan {
  readonly createdAt: Date;
  /** When it stops, or stopped, being accepted; null: it is accepted. */
  readonly retireAt: Date | null;
  readonly current: boolean;
}

/** Since when what a caller sent says what it would send now. */
export interface Evidence {
  /**
   * For any token that was live: none of the account's tokens ended since, and at least one was there. What was sent
   * before may have been a token that has ended.
   */
  readonly live: Date;
  /** For what a gate called the current token: that is the one of today. */
  readonly current: Date;
  /**
   * For what is no token of any account: since then there was always one to send. A new token changes nothing for a
   * caller that never sent one.
   */
  readonly tokenless: Date;
}

const tokenless: readonly SeenToken[] = [
  "missing",
  "malformed",
  "placeholder",
  "instance_token",
  "duplicate",
];

/** True for what could not be a token, whichever is live. */
export function isTokenless(token: SeenToken): boolean {
  return tokenless.includes(token);
}

/** A token that ended when the next one was made, give or take what a transaction lasts, left no gap. */
const gapMs = 1000;

/** Since when the account has had a token without a gap. */
function unbrokenSince(tokens: readonly TokenSpan[], current: TokenSpan): number {
  let start = current.createdAt.getTime();
  const newestFirst = tokens.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  for (const { createdAt, retireAt } of newestFirst) {
    const end = retireAt?.getTime() ?? Number.POSITIVE_INFINITY;
    if (createdAt.getTime() < start && end >= start - gapMs) start = createdAt.getTime();
  }
  return start;
}

/**
 * What the account's tokens say about how old an observation may be. null without a current token.
 *
 * @param tokens those that are or may be live, and as many of those that ended as are to be looked at, newest first
 */
export function evidenceOf(tokens: readonly TokenSpan[], now: Date): Evidence | null {
  const current = tokens.find((token) => token.current);
  if (!current) return null;
  const isLive = ({ retireAt, current }: TokenSpan) => current || retireAt === null || retireAt > now;
  const starts = tokens.filter(isLive).map(({ createdAt }) => createdAt.getTime());
  // A gate that has not heard of the end yet still calls the one that ended live.
  const ends = tokens
    .filter((token) => !isLive(token))
    .map(({ retireAt }) => (retireAt?.getTime() ?? 0) + settleMs);
  return {
    live: new Date(Math.max(Math.min(...starts), ...ends)),
    current: new Date(current.createdAt.getTime() + settleMs),
    tokenless: new Date(unbrokenSince(tokens, current)),
  };
}

/**
 * What the token of a request was worth; `none` where the decision did not come to the token. `live` is what
 * gates wrote down while they did not yet tell the two live tokens apart.
 */
export type SeenToken = TokenVerdict | "live" | "none";

/** What a request is seen with that an enforced instance lets in. */
export const liveTokens = ["current", "retiring", "live"] as const satisfies readonly SeenToken[];

/** True for what an enforced instance lets in. */
export function isLiveToken(token: string): token is (typeof liveTokens)[number] {
  return token === "current" || token === "retiring" || token === "live";
}
