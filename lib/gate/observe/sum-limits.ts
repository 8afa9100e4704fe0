import { callerLimits } from "@/lib/domain/caller";

/** How much is kept apart between two flushes, or while the database is gone. */
export interface SumLimits {
  readonly callersPerInstance: number;
  readonly callersPerAccount: number;
  /** Counters (caller × hour × end) of callers. */
  readonly counters: number;
  /** The same of the others of all instances. */
  readonly otherCounters: number;
}

/** The limits of a gate; full sums take some 80 MB. */
export const sumLimits: SumLimits = {
  callersPerInstance: callerLimits.perInstance,
  callersPerAccount: callerLimits.perAccount,
  counters: 100_000,
  otherCounters: 50_000,
};
