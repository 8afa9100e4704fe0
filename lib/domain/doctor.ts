import type { Told } from "./told";

/** How something that was checked is. */
export type CheckState = "ok" | "warning" | "problem";

/**
 * Everything that is checked, in the order it is told in, and what can come of it. The words of each, and what to do
 * about it, are in the catalogue `doctor`.
 */
export const checkOutcomes = {
  settings: { valid: "ok", unknown: "warning", invalid: "problem" },
  folder: {
    usable: "ok",
    unused: "ok",
    missing: "problem",
    readOnly: "problem",
    foreign: "problem",
    otherPostgres: "problem",
    unusable: "problem",
  },
  rights: { private: "ok", unused: "ok", open: "problem" },
  secret: { right: "ok", untried: "ok", unread: "problem", missing: "problem", wrong: "problem" },
  disk: { enough: "ok", little: "warning", full: "problem", unread: "warning" },
  database: { reachable: "ok", tooOld: "problem", away: "problem", none: "problem" },
  migrations: { current: "ok", newer: "warning", pending: "problem", failed: "problem", altered: "problem" },
  connections: { enough: "ok", few: "warning" },
  clock: { right: "ok", off: "problem" },
  upstreamClock: { right: "ok", unasked: "ok", off: "warning" },
  proxies: {
    right: "ok",
    unseen: "ok",
    public: "warning",
    silent: "warning",
    some: "warning",
    missing: "problem",
  },
  mail: { off: "ok", answers: "ok", sent: "ok", refused: "problem" },
  securityTxt: { off: "ok", current: "ok", ending: "warning", expired: "warning" },
  advisories: { fresh: "ok", stale: "warning", unread: "problem" },
  versions: { unaffected: "ok", ending: "warning", included: "warning", affected: "problem" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, CheckState>>>>;

export type Check = keyof typeof checkOutcomes;

/** What came of one check. */
export type Finding = {
  readonly [Name in Check]: {
    readonly check: Name;
    readonly outcome: keyof (typeof checkOutcomes)[Name] & string;
    readonly state: CheckState;
    /** What its words name; never a secret. */
    readonly values: Told["values"];
  };
}[Check];

/** What came of a check, with the state that such an outcome is. */
export function finding<Name extends Check>(
  check: Name,
  outcome: keyof (typeof checkOutcomes)[Name] & string,
  values: Finding["values"] = {},
): Finding {
  const states: Readonly<Record<string, CheckState>> = checkOutcomes[check];
  return { check, outcome, state: states[outcome] ?? "problem", values } as Finding;
}

/** Where the value of a variable comes from; `start`: the process that started this one gave it. */
export type SettingSource = "environment" | "file" | "start" | "default";

/** One variable as it counts. */
export interface SettingLine {
  readonly name: string;
  /** null: not set. Of a secret, what may be told of it. */
  readonly value: string | null;
  readonly source: SettingSource;
}

/** All that was found. */
export interface DoctorReport {
  readonly checkedAt: string;
  readonly findings: readonly Finding[];
  readonly settings: readonly SettingLine[];
}

/** The worst of some states. */
export function worstState(findings: readonly Finding[]): CheckState {
  const states = new Set(findings.map(({ state }) => state));
  return states.has("problem") ? "problem" : states.has("warning") ? "warning" : "ok";
}

/** How requests came, summed by the other end of their connections. */
export interface SeenPeer {
  /** Empty: any that is neither trusted nor a private machine that passes on for others. */
  readonly peer: string;
  /** With an `X-Forwarded-For`. */
  readonly forwarded: boolean;
  readonly requests: number;
}

/**
 * Whether `TRUSTED_PROXIES` names the proxies that requests came through. A private machine that passes on for others
 * and is not named is a proxy that is missing; one that is named and never says for whom it asks hides callers.
 */
export function judgeProxies(seen: readonly SeenPeer[], isTrusted: (peer: string) => boolean): Finding {
  const total = seen.reduce((sum, { requests }) => sum + requests, 0);
  if (total === 0) return finding("proxies", "unseen");
  const sumOf = (some: readonly SeenPeer[]) => some.reduce((sum, { requests }) => sum + requests, 0);
  const told = (some: readonly SeenPeer[]) => ({
    peers: [...new Set(some.map(({ peer }) => peer))].slice(0, 5).join(", "),
    share: sumOf(some) / total,
  });
  const forwarded = seen.filter((each) => each.forwarded && !(each.peer !== "" && isTrusted(each.peer)));
  const missing = forwarded.filter(({ peer }) => peer !== "");
  if (sumOf(missing) * 2 >= total) return finding("proxies", "missing", told(missing));
  if (sumOf(forwarded.filter(({ peer }) => peer === "")) * 2 >= total)
    return finding("proxies", "public", { share: sumOf(forwarded) / total });
  if (missing.length > 0) return finding("proxies", "some", told(missing));
  const speaking = new Set(seen.filter((each) => each.forwarded).map(({ peer }) => peer));
  const silent = seen.filter(({ peer }) => peer !== "" && isTrusted(peer) && !speaking.has(peer));
  if (silent.length > 0) return finding("proxies", "silent", told(silent));
  return finding("proxies", "right");
}
