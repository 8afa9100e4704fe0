import type { EpochsReader } from "./epoch-checks";
import type { ManyPoliciesReader } from "./policy-batches";

/** What the cache stands on. */
export interface PolicyCacheParts {
  readonly readMany: ManyPoliciesReader;
  readonly readEpochs: EpochsReader;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** How long held policies count after the last moment at which they were surely up to date. */
  readonly maxStalenessMs: number;
  readonly mostInstances: number;
  /** Told that decisions about an account may have changed; null: about any. */
  readonly onChange?: (accountId: string | null) => void;
}

/** How look-ups ended, counted since the start. */
export interface CacheCounts {
  hits: number;
  misses: number;
  /** Of the hits, those that say that there is no such instance. */
  unknown: number;
  failures: number;
}

/** No policy could be read that is as new as what was announced. */
export class PolicyOutdated extends Error {
  override name = "PolicyOutdated";
  readonly code = "POLICY_OUTDATED";
}
