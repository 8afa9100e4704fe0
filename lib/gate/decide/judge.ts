import { type Decision, decide, type InstancePolicy, type PolicyLookup } from "@/lib/domain/gate";
import { instanceIdPattern } from "@/lib/domain/token-format";
import type { GatheredFacts } from "./facts";

/**
 * Reads the policy of one instance; null when there is no such instance. May answer at once, without a
 * promise, when it is held in memory.
 */
export type PolicyReader = (instanceId: string) => InstancePolicy | null | Promise<InstancePolicy | null>;

/** A decision, and what it was made from. */
export interface Judgement {
  readonly decision: Decision;
  /** null when it could not be read, or there is no such instance. */
  readonly policy: InstancePolicy | null;
}

/** What deciding stands on. */
export interface JudgeParts {
  readonly readPolicy: PolicyReader;
  readonly now: () => Date;
  /** Told why the policy could not be read, for the log. */
  readonly onFailure: (error: unknown) => void;
}

/** A database that does not answer within this time counts as gone. */
const policyTimeoutMs = 5000;

const unknown: PolicyLookup = { kind: "unknown" };
const unavailable: PolicyLookup = { kind: "unavailable" };

async function inTime(reading: Promise<InstancePolicy | null>): Promise<InstancePolicy | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("reading the policy timed out")), policyTimeoutMs);
  });
  try {
    return await Promise.race([reading, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Decides on a request; at once when its policy is held in memory. Closed on every failure: when the
 * policy cannot be read, that is the decision. Never throws or rejects.
 */
export function judgeRequest(
  { path, facts }: GatheredFacts,
  { readPolicy, now, onFailure }: JudgeParts,
): Judgement | Promise<Judgement> {
  const judge = (lookup: PolicyLookup): Judgement => ({
    decision: decide(facts, lookup, now()),
    policy: lookup.kind === "found" ? lookup.policy : null,
  });
  const judgeRead = (policy: InstancePolicy | null) => judge(policy ? { kind: "found", policy } : unknown);
  const judgeFailure = (error: unknown) => {
    onFailure(error);
    return judge(unavailable);
  };
  // Ids have one public form; a look-up of anything else would be work that strangers can ask for.
  if (!path || !instanceIdPattern.test(path.instanceId)) return judge(unknown);
  try {
    const read = readPolicy(path.instanceId);
    return read instanceof Promise ? inTime(read).then(judgeRead, judgeFailure) : judgeRead(read);
  } catch (error) {
    return judgeFailure(error);
  }
}
