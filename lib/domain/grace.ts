/** Fewest requests in the days that callers are remembered that make one known. */
export const knownFromRequests = 3;

/** Shortest, usual and longest time for which known callers get in without the token; days. */
export const graceDays = { least: 1, usual: 14, most: 90 } as const;

/** A caller that is let in without the token, or was. */
export interface KnownCallerView {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly name: string | null;
  readonly agent: string;
  readonly address: string;
  readonly endedAt: Date | null;
  /** `token`: it had sent it for long enough; `hand`: somebody said so. */
  readonly endedBy: "token" | "hand" | null;
}

/** *Known callers only*, while that is on. */
export interface GraceView {
  readonly since: Date;
  readonly until: Date;
  /** Those still let in without the token first; some of them. */
  readonly callers: readonly KnownCallerView[];
  /** How many there are in all, and of them still let in without it. */
  readonly total: number;
  readonly open: number;
}

/** A caller as it stands in the question before known callers only are let in. */
export interface GraceCandidate {
  readonly id: string;
  readonly instanceName: string;
  readonly name: string | null;
  readonly agent: string;
  readonly address: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly requests: number;
  /** A thief may have called already: look at those first seen lately, and at those that called seldom. */
  readonly lately: boolean;
  readonly seldom: boolean;
}

/** What letting only known callers in would do, from recorded traffic. */
export interface GraceForecast {
  /** Callers that would go on getting in without the token. */
  readonly known: readonly GraceCandidate[];
  /** Callers that called without the token and would be rejected: heard too seldom, or without an address. */
  readonly unknown: readonly GraceCandidate[];
  /** Instances some of whose callers beyond the limits came without it: nobody can hold them. */
  readonly others: readonly string[];
  /** Programs whose addresses change, so that they cannot be held by them. */
  readonly changing: readonly {
    readonly agent: string;
    readonly instanceName: string;
    readonly addresses: number;
  }[];
  /** Requests of the last week that would have been rejected, and all there were. */
  readonly rejectedLastWeek: number;
  readonly requestsLastWeek: number;
}
