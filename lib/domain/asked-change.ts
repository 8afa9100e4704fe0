import { canChange, type TokenChange } from "./enforcement";
import type { SecurityTokenView } from "./security-token";

/**
 * What has become of a question about a token that was asked while the token went on changing: it `stands`; it is
 * about another state now and has to be `renewed`; or it is `over`.
 */
type AskedFate = "stands" | "renewed" | "over";

/**
 * Whether a change may still be confirmed that was asked about when the token was as `seen`. With another token, or
 * another rotation, what the question says of callers is untrue. Deactivating is a brake and is meant whatever
 * the token is, so that question goes on with the newer state.
 */
export function fateOfAsked(change: TokenChange, seen: SecurityTokenView, now: SecurityTokenView): AskedFate {
  const rotating = now.retiring !== null;
  if (!canChange(now.status, change, rotating)) return "over";
  if (seen.tokenId === now.tokenId && seen.retiring?.id === now.retiring?.id) return "stands";
  return change === "deactivate" ? "renewed" : "over";
}
