import { breaks, type CallerFacts, isDismissed, type Judged } from "./preflight";

/** What demanding the token does to the callers of one instance, without those that were called gone. */
export interface InstanceReadiness {
  /** Callers that are rejected, or would be. */
  readonly breaking: number;
  /** Whether some of those beyond the limits, which stand in one row, are among them too. */
  readonly foldedBreaking: boolean;
  readonly ready: number;
  readonly quiet: number;
}

const nobody: InstanceReadiness = { breaking: 0, foldedBreaking: false, ready: 0, quiet: 0 };

function counting(sum: InstanceReadiness, { caller, verdict }: Judged): InstanceReadiness {
  if (breaks(verdict)) {
    return caller.others ? { ...sum, foldedBreaking: true } : { ...sum, breaking: sum.breaking + 1 };
  }
  return verdict === "ready" ? { ...sum, ready: sum.ready + 1 } : { ...sum, quiet: sum.quiet + 1 };
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

/** True when no caller is rejected, or would be. */
export function isReady({ breaking, foldedBreaking }: InstanceReadiness): boolean {
  return breaking === 0 && !foldedBreaking;
}
