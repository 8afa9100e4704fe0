/** Milliseconds that the former cookie counts beside the newest: for requests that were on their way, or of other tabs. */
export const formerCookieMs = 10_000;

/** The cookies that a session has handed out. */
export interface SessionGenerations {
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
