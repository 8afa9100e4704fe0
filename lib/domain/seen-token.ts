import type { TokenVerdict } from "./gate";

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
