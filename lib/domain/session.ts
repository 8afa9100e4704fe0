/** One signed-in browser of the current user. */
export interface SessionView {
  readonly id: string;
  readonly current: boolean;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

/** A session ends this long after its last use. */
export const sessionIdleSeconds = 14 * 24 * 3600;

/** A session ends this long after sign-in, however it is used. */
export const sessionAbsoluteSeconds = 30 * 24 * 3600;

/** A proof of who acts is fresh for this long (see proof.ts for what asks for one). */
export const proofSeconds = 10 * 60;

/** True when the last proof is fresh enough. A proof from the future counts as none. */
export function isProofFresh(provenAt: Date, now: Date): boolean {
  const age = now.getTime() - provenAt.getTime();
  return age >= 0 && age < proofSeconds * 1000;
}

/** Milliseconds that the former cookie counts beside the newest: for requests that were on their way, or of other tabs. */
export const formerCookieMs = 10_000;

/** The cookies that a session has handed out. */
interface SessionGenerations {
  /** Which was handed out last; the first is 0. */
  readonly generation: number;
  /** Until when the one before it counts; null until the newest has come back. */
  readonly formerUntil: Date | null;
}

/** What a cookie of a session is worth; `arrived`: the newest, which comes back for the first time. */
export type CookieWorth = "newest" | "arrived" | "former" | "ended";

/** What a cookie of this generation is worth at this moment. */
export function judgeGeneration(
  { generation, formerUntil }: SessionGenerations,
  presented: number,
  now: Date,
): CookieWorth {
  if (presented === generation) return generation > 0 && formerUntil === null ? "arrived" : "newest";
  const isFormer = generation > 0 && presented === generation - 1;
  const counts = isFormer && (formerUntil === null || now < formerUntil);
  return counts ? "former" : "ended";
}
