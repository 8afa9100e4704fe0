import { canChange, type TokenChange, type TokenStatus } from "./enforcement";

/** What the module *Account Security Token* shows. No secret in it. */
export interface SecurityTokenView {
  readonly status: TokenStatus;
  /** Last four characters of the current token; null when there is none. */
  readonly lastFour: string | null;
  /** When the current token was made; null when there is none. */
  readonly createdAt: Date | null;
  /** Instances the token is enforced on now. */
  readonly enforcedInstances: number;
  readonly totalInstances: number;
  /** Id of the current token; null when there is none. */
  readonly tokenId: string | null;
  /** The token before, as long as it is accepted too; null when no rotation is under way. */
  readonly retiring: RetiringToken | null;
}

/** The older one of the two tokens that are accepted during a rotation. */
export interface RetiringToken {
  readonly id: string;
  readonly lastFour: string;
  /** When it stops being accepted; null: when the rotation is finished by hand. */
  readonly retireAt: Date | null;
}

/** A freshly made token: the only moment it can be seen. */
export interface NewSecurityToken {
  readonly token: string;
  readonly view: SecurityTokenView;
}

/** The first step that is still open; `none` when the account is protected. */
export type NextStep = "create_instance" | "configure_token" | "activate_token" | "none";

/** Picks the one obvious next step. */
export function nextStep(token: Pick<SecurityTokenView, "status" | "totalInstances">): NextStep {
  if (token.totalInstances === 0) return "create_instance";
  if (token.status === "none") return "configure_token";
  return token.status === "active" ? "none" : "activate_token";
}

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
