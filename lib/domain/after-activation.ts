import type { TokenChange } from "./enforcement";
import { isDismissed } from "./preflight";
import { isTokenRejection, type TokenRejection } from "./rejection";
import { hourMs } from "./traffic";

/** How long callers are watched after each activation, in milliseconds. */
export const watchMs = 24 * hourMs;

/**
 * How long a rejection counts against a caller that was let in before and after it: two programs behind one
 * address, of which one was forgotten, look like that.
 */
export const mixingMs = hourMs;

/** True for changes that may reject callers which worked until then. */
export function startsWatch(change: TokenChange): boolean {
  switch (change) {
    case "activate":
    case "enforce":
    case "rotate":
    case "replace":
    case "finish":
    case "protect":
    case "shorten":
      return true;
    case "configure":
    case "regenerate":
    case "deactivate":
    case "remove":
    case "release":
    case "arm":
    case "disarm":
      return false;
  }
}

/** What the watch depends on. */
interface WatchMoments {
  /** Whether the token is enforced anywhere. */
  readonly enforced: boolean;
  /** The last change of the kind that `startsWatch` knows; null when there was none. */
  readonly activatedAt: Date | null;
  /** When a token's overlap ended, or will end, by the clock; null without one. */
  readonly retireAt: Date | null;
}

/** When what ended may first have rejected callers that worked: the last activation, or the last end by the clock. */
export function watchStart({ activatedAt, retireAt }: Omit<WatchMoments, "enforced">, now: Date): Date {
  const starts = [activatedAt, retireAt].flatMap((at) => (at && at <= now ? [at.getTime()] : []));
  return new Date(Math.max(0, ...starts));
}

/**
 * Until when callers are watched: a day from the last activation, or from the end of a token by the clock. null
 * while nobody is watched.
 */
export function watchedUntil({ enforced, ...moments }: WatchMoments, now: Date): Date | null {
  if (!enforced) return null;
  const until = watchStart(moments, now).getTime() + watchMs;
  return until > now.getTime() ? new Date(until) : null;
}

/** What is to be known of a caller to say whether it stopped working. */
export interface WatchedFacts {
  /** True for the one row of an instance that stands for all callers beyond the limits. */
  readonly others: boolean;
  /** Whether the token is enforced on its instance now. */
  readonly enforced: boolean;
  /** When it was last let in, and when last not; null: never. */
  readonly acceptedAt: Date | null;
  readonly rejectedAt: Date | null;
  readonly lastSeenAt: Date;
  /** What became of its latest request. */
  readonly lastOutcome: string;
  /** The newest rejection for its token within a day, as far as hours tell; null: none. */
  readonly recent: string | null;
  /** When it last came without a live token after it had come with one, and when that had been. */
  readonly relapsedAt: Date | null;
  readonly relapsedFrom: Date | null;
  readonly dismissedAt: Date | null;
}

/** Why a caller that worked is rejected now. */
export interface Stopped {
  readonly reason: TokenRejection;
  /** It comes with the token as well: maybe two programs of the same name behind one address. */
  readonly mixes: boolean;
}

/**
 * Whether a caller worked before and is rejected now: it was let in at some time that is remembered, and its
 * latest request, at most a day old, was rejected for its token. One that was let in since works again, unless
 * it keeps mixing: it came with a live token, then without, then with it again, all since the watch began. Of callers beyond the limits any such rejection counts: which of them it was, nobody knows.
 * null: it works, never did, is gone, or is rejected for something else.
 *
 * @param watchedSince when what ended may first have rejected it
 */
export function stoppedWorking(caller: WatchedFacts, watchedSince: Date, now: Date): Stopped | null {
  const { others, enforced, acceptedAt, rejectedAt, lastOutcome, recent, relapsedAt, relapsedFrom } = caller;
  if (!enforced || acceptedAt === null || rejectedAt === null || isDismissed(caller)) return null;
  const age = now.getTime() - rejectedAt.getTime();
  if (age >= watchMs) return null;
  if (isTokenRejection(lastOutcome)) return { reason: lastOutcome, mixes: false };
  if (recent === null || !isTokenRejection(recent)) return null;
  if (others) return { reason: recent, mixes: false };
  if (relapsedAt === null || relapsedFrom === null || relapsedFrom < watchedSince) return null;
  const mixes = lastOutcome === "accepted" && now.getTime() - relapsedAt.getTime() < mixingMs;
  return mixes ? { reason: recent, mixes } : null;
}
