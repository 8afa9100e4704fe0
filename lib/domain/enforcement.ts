import { breaks, type CallerFacts, isSetAside, type Judged } from "./preflight";

/**
 * Which instances the account security token is enforced on. `grace`: on the chosen ones, and on the others for all but
 * known callers.
 */
export type Enforcement = "off" | "staged" | "grace" | "on";

/** True when every request to this instance must carry a live token, known callers' too. */
export function isEnforced(enforcement: Enforcement, instanceEnforced: boolean): boolean {
  return enforcement === "on" || (enforcement !== "off" && instanceEnforced);
}

/** The enforcement that counts: time alone ends known callers' getting in without the token. */
export function enforcementNow(
  { enforcement, graceUntil }: { readonly enforcement: Enforcement; readonly graceUntil: Date | null },
  now: Date,
): Enforcement {
  return enforcement === "grace" && (graceUntil === null || graceUntil <= now) ? "on" : enforcement;
}

/** The state of an account's token as its owner sees it. */
export type TokenStatus = "none" | "disabled" | "staged" | "grace" | "active";

/** Derives the shown state from what is stored. */
export function tokenStatus(hasCurrentToken: boolean, enforcement: Enforcement): TokenStatus {
  if (!hasCurrentToken) return "none";
  if (enforcement === "off") return "disabled";
  return enforcement === "on" ? "active" : enforcement;
}

/**
 * What a request to one instance needs besides its URL: the token; the token unless a known caller sends it; nothing.
 */
export type InstanceProtection = "enforced" | "known" | "open";

/** What an instance asks for, as the account's token and the instance's own switch stand. */
export function protectionOf(status: TokenStatus, instanceEnforced: boolean): InstanceProtection {
  if (status === "none" || status === "disabled") return "open";
  if (status === "active" || instanceEnforced) return "enforced";
  return status === "grace" ? "known" : "open";
}

/** What an owner can do with the token. */
export type TokenChange =
  | "configure"
  | "regenerate"
  | "activate"
  | "deactivate"
  | "remove"
  /** Enforce it on one instance, or no longer on one. */
  | "enforce"
  | "release"
  /** A new token, while the old one works for a time; without such a time; the end of that time. */
  | "rotate"
  | "replace"
  | "finish"
  /** Enforce each instance as soon as its callers are ready, or no longer wait for that. */
  | "arm"
  | "disarm"
  /** Let only known callers in without it; end that for one of them, or for all at another time. */
  | "protect"
  | "shorten";

const allowed: Readonly<Record<TokenChange, readonly TokenStatus[]>> = {
  configure: ["none"],
  // A running caller would be cut off at once, so an active token is rotated, never regenerated.
  regenerate: ["disabled"],
  activate: ["disabled", "staged", "grace"],
  deactivate: ["staged", "grace", "active"],
  remove: ["disabled"],
  enforce: ["disabled", "staged", "grace", "active"],
  release: ["disabled", "staged", "grace", "active"],
  rotate: ["staged", "grace", "active"],
  replace: ["staged", "grace", "active"],
  finish: ["disabled", "staged", "grace", "active"],
  arm: ["disabled", "staged", "grace"],
  disarm: ["disabled", "staged", "grace"],
  protect: ["disabled", "staged"],
  shorten: ["grace"],
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
interface StagedOutcome {
  readonly enforcement: Enforcement;
  /** True: the other instances, enforced until now without a switch of their own, get theirs switched on. */
  readonly keepOthers: boolean;
}

/**
 * What becomes of the account's enforcement when one instance is switched. The first one on starts the
 * stages; the last one off ends them; one off while all were enforced leaves exactly the others enforced.
 * Switching all of them on does not mean "all": instances to come are enforced by activating only. One off while
 * only known callers get in without the token is as the others are then.
 *
 * @param othersEnforced instances enforced now, without the one that is switched
 */
export function afterSwitch(enforcement: Enforcement, on: boolean, othersEnforced: number): StagedOutcome {
  if (on) return { enforcement: enforcement === "off" ? "staged" : enforcement, keepOthers: false };
  if (enforcement === "grace") return { enforcement, keepOthers: false };
  if (othersEnforced === 0) return { enforcement: "off", keepOthers: false };
  return { enforcement: "staged", keepOthers: enforcement === "on" };
}

/** One row of the list *Enforcement by instance*. */
export interface InstanceEnforcement {
  readonly id: string;
  readonly name: string;
  readonly paused: boolean;
  /** Whether the token is enforced on it now. */
  readonly enforced: boolean;
}

/** Switches on one page of the list: it stands beside what can be done, and callers come below. */
export const switchesPerPage = 6;

/** One page of the list. */
export interface EnforcementPage {
  readonly items: readonly InstanceEnforcement[];
  /** Instances that match the search, on all pages. */
  readonly matching: number;
  /** 1-based. */
  readonly page: number;
  readonly pageCount: number;
}

/** What enforcing the token does to the callers of one instance, without those that were called gone or left out. */
export interface InstanceReadiness {
  /** Callers that are rejected, or would be. */
  readonly breaking: number;
  /** Callers that may be: they worked, and nobody has heard what they send since the tokens changed. */
  readonly unproven: number;
  /** Whether some of those beyond the limits, which stand in one row, are among the first, or the second. */
  readonly othersBreaking: boolean;
  readonly othersUnproven: boolean;
  readonly ready: number;
  /** Silent ones that were never let in, or whose token was live when one was last looked at. */
  readonly unchecked: number;
}

const nobody: InstanceReadiness = {
  breaking: 0,
  unproven: 0,
  othersBreaking: false,
  othersUnproven: false,
  ready: 0,
  unchecked: 0,
};

function counting(sum: InstanceReadiness, { caller, verdict, unproven }: Judged): InstanceReadiness {
  if (breaks(verdict)) {
    return caller.others ? { ...sum, othersBreaking: true } : { ...sum, breaking: sum.breaking + 1 };
  }
  if (unproven) {
    return caller.others ? { ...sum, othersUnproven: true } : { ...sum, unproven: sum.unproven + 1 };
  }
  return verdict === "ready" ? { ...sum, ready: sum.ready + 1 } : { ...sum, unchecked: sum.unchecked + 1 };
}

/** How ready each instance is that has callers, by its id. */
export function readinessByInstance(judged: readonly Judged<CallerFacts>[]): Map<string, InstanceReadiness> {
  const byInstance = new Map<string, InstanceReadiness>();
  for (const each of judged) {
    if (isSetAside(each.caller)) continue;
    const { instanceId } = each.caller;
    byInstance.set(instanceId, counting(byInstance.get(instanceId) ?? nobody, each));
  }
  return byInstance;
}

/** True when no caller is rejected, or may be. */
export function isReady(readiness: InstanceReadiness): boolean {
  const { breaking, unproven, othersBreaking, othersUnproven } = readiness;
  return breaking + unproven === 0 && !othersBreaking && !othersUnproven;
}
