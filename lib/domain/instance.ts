/** One row of the instance list. No secret in it. */
export interface InstanceSummary {
  readonly id: string;
  readonly name: string;
  /** null: the built-in echo answers. */
  readonly upstreamUrl: string | null;
  readonly paused: boolean;
  readonly createdAt: Date;
}

/** An instance in a list. */
interface ListedInstance extends InstanceSummary {
  /** Whether the token is enforced on it one by one, whatever the account says. */
  readonly enforced: boolean;
}

/** What the page of one instance shows. No secret in it. */
export interface InstanceDetail extends InstanceSummary {
  /** Names of the request headers added before forwarding; their values stay sealed. */
  readonly headerNames: readonly string[];
  /** How long the upstream may take to begin its answer; null: the server's default. */
  readonly firstByteSeconds: number | null;
  readonly updatedAt: Date;
}

/** One page of the instance list. */
export interface InstancePage {
  readonly items: readonly ListedInstance[];
  /** Instances that match the search, on all pages. */
  readonly matching: number;
  /** Instances of the account, whatever the search. */
  readonly total: number;
  /** 1-based. */
  readonly page: number;
  readonly pageCount: number;
}

/** An upstream request header as the owner gives it; a null value keeps the stored one of that name. */
export interface UpstreamHeader {
  readonly name: string;
  readonly value: string | null;
}

/** Longest name of an instance or account, in characters. */
export const nameMaxLength = 80;

/** How long an upstream may be given to begin its answer, in seconds. */
export const firstByteLimits = { min: 1, max: 3600 } as const;

/** Most upstream request headers an instance can have. */
export const upstreamHeadersMax = 20;

/** Instances on one page of the list. */
export const instancesPerPage = 20;
