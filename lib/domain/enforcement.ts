/** Which instances the account security token is demanded on. */
export type Enforcement = "off" | "staged" | "on";

/** True when a request to this instance must carry a live token. */
export function covers(enforcement: Enforcement, instanceEnforced: boolean): boolean {
  return enforcement === "on" || (enforcement === "staged" && instanceEnforced);
}

/** The state of an account's token as its owner sees it. */
export type TokenStatus = "none" | "disabled" | "staged" | "active";

/** Derives the shown state from what is stored. */
export function tokenStatus(hasCurrentToken: boolean, enforcement: Enforcement): TokenStatus {
  if (!hasCurrentToken) return "none";
  if (enforcement === "off") return "disabled";
  return enforcement === "on" ? "active" : "staged";
}

/** What an owner can do with the token. */
export type TokenChange = "configure" | "regenerate" | "activate" | "deactivate" | "remove";

const allowed: Readonly<Record<TokenChange, readonly TokenStatus[]>> = {
  configure: ["none"],
  // A running caller would be cut off at once, so an active token is rotated, never regenerated.
  regenerate: ["disabled"],
  activate: ["disabled", "staged"],
  deactivate: ["staged", "active"],
  remove: ["disabled"],
};

/** True when this change is possible from this state (the state machine of the account security token). */
export function canChange(status: TokenStatus, change: TokenChange): boolean {
  return allowed[change].includes(status);
}
