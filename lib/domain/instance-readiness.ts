import { breaks, type CallerFacts, isDismissed, type Judged } from "./preflight";

/** What demanding the token does to the callers of one instance, without those that were called gone. */
export interface InstanceReadiness {
  /** Callers that are rejected, or would be. */
  readonly breaking: number;
  /** Callers that may be: they worked, and nobody has heard what they send since the tokens changed. */
  readonly unproven: number;
  /** Whether some of those beyond the limits, which stand in one row, are among the first, or the second. */
  readonly foldedBreaking: boolean;
  readonly foldedUnproven: boolean;
  readonly ready: number;
  /** Quiet ones that were never let in, or whose token was live when one was last looked at. */
  readonly unchecked: number;
}

const nobody: InstanceReadiness = {
  breaking: 0,
  unproven: 0,
  foldedBreaking: false,
  foldedUnproven: false,
  ready: 0,
  unchecked: 0,
};

function counting(sum: InstanceReadiness, { caller, verdict, unproven }: Judged): InstanceReadiness {
  if (breaks(verdict)) {
    return caller.others ? { ...sum, foldedBreaking: true } : { ...sum, breaking: sum.breaking + 1 };
  }
  if (unproven) {
    return caller.others ? { ...sum, foldedUnproven: true } : { ...sum, unproven: sum.unproven + 1 };
  }
  return verdict === "ready" ? { ...sum, ready: sum.ready + 1 } : { ...sum, unchecked: sum.unchecked + 1 };
}

/** How ready each instance is that has callers, by its id. */
export function readinessByInstance(judged: readonly Judged<CallerFacts>[]): Map<string, InstanceReadiness> {
  const byInstance = new Map<string, InstanceReadiness>();
  for (const each of judged) {
    if (isDismissed(each.caller)) continue;
    const { instanceId } = each.caller;
    byInstance.set(instanceId, counting(byInstance.get(instanceId) ?? nobody, each));
  }
  return byInstance;
}

/** True when no caller is rejected, or may be. */
export function isReady(readiness: InstanceReadiness): boolean {
  const { breaking, unproven, foldedBreaking, foldedUnproven } = readiness;
  return breaking + unproven === 0 && !foldedBreaking && !foldedUnproven;
}
