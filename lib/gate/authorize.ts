import { type Decision, decide, type InstancePolicy, type PolicyLookup } from "@/lib/domain/gate";
import { instanceIdPattern } from "@/lib/domain/instance-token";
import type { GatheredFacts } from "./facts";

/** Reads the policy of one instance; null when there is no such instance. */
export type PolicyReader = (instanceId: string) => Promise<InstancePolicy | null>;

/** A database that does not answer within this time counts as gone. */
const policyTimeoutMs = 5000;

async function lookUp(instanceId: string, readPolicy: PolicyReader): Promise<PolicyLookup> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("reading the policy timed out")), policyTimeoutMs);
  });
  try {
    const policy = await Promise.race([readPolicy(instanceId), timeout]);
    return policy ? { kind: "found", policy } : { kind: "unknown" };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Decides on a request. Closed on every failure: when the policy cannot be read, that is the decision.
 *
 * @param onFailure told why the policy could not be read, for the log
 */
export async function authorize(
  { path, facts }: GatheredFacts,
  readPolicy: PolicyReader,
  now: () => Date,
  onFailure: (error: unknown) => void,
): Promise<Decision> {
  let lookup: PolicyLookup = { kind: "unknown" };
  // Ids have one public form; a look-up of anything else would be work that strangers can ask for.
  if (path && instanceIdPattern.test(path.instanceId)) {
    try {
      lookup = await lookUp(path.instanceId, readPolicy);
    } catch (error) {
      onFailure(error);
      lookup = { kind: "unavailable" };
    }
  }
  return decide(facts, lookup, now());
}
