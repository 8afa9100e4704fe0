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
export type TokenChange =
  | "configure"
  | "regenerate"
  | "activate"
  | "deactivate"
  | "remove"
  /** Demand it on one instance, or no longer on one. */
  | "enforce"
  | "release"
  /** A new token, while the old one works for a time; without such a time; the end of that time. */
  | "rotate"
  | "replace"
  | "finish";

const allowed: Readonly<Record<TokenChange, readonly TokenStatus[]>> = {
  configure: ["none"],
  // A running caller would be cut off at once, so an active token is rotated, never regenerated.
  regenerate: ["disabled"],
  activate: ["disabled", "staged"],
  deactivate: ["staged", "active"],
  remove: ["disabled"],
  enforce: ["disabled", "staged", "active"],
  release: ["disabled", "staged", "active"],
  rotate: ["staged", "active"],
  replace: ["staged", "active"],
  finish: ["disabled", "staged", "active"],
};

/**
 * True when this change is possible from this state (the state machine of the account security token).
 *
 * @param rotating an older token is still accepted beside the current one. A second overlap would make
 *   three of them, so it has to wait; replacing at once ends both and is possible always.
 */
export function canChange(status: TokenStatus, change: TokenChange, rotating = false): boolean {
  if (change === "rotate" && rotating) return false;
  if (change === "finish" && !rotating) return false;
  return allowed[change].includes(status);
}

/** What switching the token on or off for one instance leaves behind. */
export interface StagedOutcome {
  readonly enforcement: Enforcement;
  /** True: the other instances, covered until now without a switch of their own, get theirs switched on. */
  readonly keepOthers: boolean;
}

/**
 * What becomes of the account's enforcement when one instance is switched. The first one on starts the
 * stages; the last one off ends them; one off while all were covered leaves exactly the others covered.
 * Switching all of them on does not mean "all": instances to come are covered by activating only.
 *
 * @param othersCovered instances covered now, without the one that is switched
 */
export function afterSwitch(enforcement: Enforcement, on: boolean, othersCovered: number): StagedOutcome {
  if (on) return { enforcement: enforcement === "off" ? "staged" : enforcement, keepOthers: false };
  if (othersCovered === 0) return { enforcement: "off", keepOthers: false };
  return { enforcement: "staged", keepOthers: enforcement === "on" };
}
