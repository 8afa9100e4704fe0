/** One row of the list *Enforcement by instance*. */
export interface InstanceEnforcement {
  readonly id: string;
  readonly name: string;
  readonly paused: boolean;
  /** Whether the token is demanded on it now. */
  readonly enforced: boolean;
}

/** One page of the list. */
export interface EnforcementPage {
  readonly items: readonly InstanceEnforcement[];
  /** Instances that match the search, on all pages. */
  readonly matching: number;
  /** 1-based. */
  readonly page: number;
  readonly pageCount: number;
}
