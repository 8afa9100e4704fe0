import { instanceTokenDigest } from "@/lib/crypto/digest";
import {
  type Decision,
  DecisionMemo,
  decide,
  type InstancePolicy,
  type RequestFacts,
} from "@/lib/domain/gate";
import { parseRequestPath, type RequestPath } from "@/lib/domain/instance-url";
import { clientTokenHeader, instanceIdPattern } from "@/lib/domain/token-format";
import { valuesOf } from "../headers";
import { failureFacts, type GateLog, labelOf, logRateLimited } from "../log";
import { type GateRequest, judgeToken } from "../messages";
import { type CallerEvent, callerEventOf } from "../observe/caller-event";
import { type GateError, policyUnavailable } from "./denial";

const headerName = clientTokenHeader.toLowerCase();

const noToken = judgeToken([]);

/** A request reduced to facts, with its path where that is well formed. */
export interface GatheredFacts {
  readonly path: RequestPath | null;
  readonly facts: RequestFacts;
}

/** Turns a request into facts. The tokens themselves go no further than this: only digests do. */
export function gatherFacts({ target, headers, clientAddress, memo }: GateRequest): GatheredFacts {
  const path = memo ? memo.path(target) : parseRequestPath(target);
  const lines = valuesOf(headers, headerName);
  const [line] = lines;
  const token =
    line === undefined ? noToken : memo && lines.length === 1 ? memo.token(line) : judgeToken(lines);
  const digest = memo ? memo.instanceDigest : instanceTokenDigest;
  return {
    path,
    facts: {
      instanceTokenDigest: path && digest(path.instanceToken),
      presented: token.presented,
      presentedDigest: token.digest,
      clientAddress,
      userAgent: valuesOf(headers, "user-agent")[0] ?? null,
    },
  };
}

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

/** What judging facts stands on. */
export interface FactsJudge {
  readonly readPolicy: PolicyReader;
  readonly now: () => Date;
  /** Told why the policy could not be read, for the log. */
  readonly onFailure: (error: unknown) => void;
}

/** A database that does not answer within this time counts as gone. */
const policyTimeoutMs = 5000;

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
 * Decides on a request by its facts; at once when its policy is held in memory. Closed on every failure:
 * when the policy cannot be read, that is the decision. Never throws or rejects.
 */
export function judgeFacts(
  { path, facts }: GatheredFacts,
  { readPolicy, now, onFailure }: FactsJudge,
  decisions = new DecisionMemo(),
): Judgement | Promise<Judgement> {
  // Ids have one public form; a look-up of anything else would be work that strangers can ask for.
  if (!path || !instanceIdPattern.test(path.instanceId))
    return { decision: decisions.decide(facts, null, now()), policy: null };
  const failed = (error: unknown) => {
    onFailure(error);
    return { decision: decide(facts, { kind: "unavailable" }, now()), policy: null };
  };
  try {
    const read = readPolicy(path.instanceId);
    if (!(read instanceof Promise)) return { decision: decisions.decide(facts, read, now()), policy: read };
    const judged = (policy: InstancePolicy | null): Judgement => ({
      decision: decisions.decide(facts, policy, now()),
      policy,
    });
    return inTime(read).then(judged, failed);
  } catch (error) {
    return failed(error);
  }
}

/** What judging requests needs from its surroundings. */
export interface RequestJudge {
  readonly readPolicy: PolicyReader;
  readonly now: () => Date;
  readonly log: GateLog;
  /** Called once for each decided request whose instance and instance token were right. */
  readonly observe?: (event: CallerEvent) => void;
}

/** What is to be done with a request. A door that only answers needs nothing more. */
export type JudgedRequest =
  | { readonly kind: "reject"; readonly error: GateError; readonly path: RequestPath | null }
  | {
      readonly kind: "pass";
      readonly path: RequestPath;
      readonly policy: InstancePolicy;
      readonly gathered: GatheredFacts;
    };

function outcome(
  request: GateRequest,
  gathered: GatheredFacts,
  judgement: Judgement,
  { now, observe }: RequestJudge,
): JudgedRequest {
  const { path } = gathered;
  const { decision } = judgement;
  const event = observe && callerEventOf(request.method, gathered, judgement, now().getTime());
  if (event) observe(event);
  if (decision.kind === "deny") return { kind: "reject", error: decision, path };
  if (path === null) return { kind: "reject", error: policyUnavailable, path };
  return { kind: "pass", path, policy: decision.policy, gathered };
}

/**
 * Judges a request: facts, policy, decision, observation; at once when the policy is held in memory. Every
 * door uses this. Never throws or rejects: what breaks is rejected with 503.
 */
export function judgeRequest(
  request: GateRequest,
  judge: RequestJudge,
): JudgedRequest | Promise<JudgedRequest> {
  let path: RequestPath | null = null;
  const fail = (kind: string, error: unknown, message: string) => {
    const line = () => ({ ...labelOf(request, path), ...failureFacts(error) });
    logRateLimited(judge.log, "error", kind, line, message);
  };
  const broken = (error: unknown): JudgedRequest => {
    fail("serving", error, "serving failed");
    return { kind: "reject", error: policyUnavailable, path };
  };
  try {
    const gathered = gatherFacts(request);
    path = gathered.path;
    const parts = {
      readPolicy: judge.readPolicy,
      now: judge.now,
      onFailure: (error: unknown) => fail("policy", error, "the policy could not be read"),
    };
    const judgement = judgeFacts(gathered, parts, request.memo?.decisions);
    if (!(judgement instanceof Promise)) return outcome(request, gathered, judgement, judge);
    return judgement.then((later) => outcome(request, gathered, later, judge)).catch(broken);
  } catch (error) {
    return broken(error);
  }
}

/** Notes a rejection in the log. */
export function logRejection(
  log: GateLog,
  request: GateRequest,
  path: RequestPath | null,
  error: GateError,
): void {
  const line = () => ({ ...labelOf(request, path), status: error.status, reason: error.reason });
  logRateLimited(log, "info", error.reason, line, "rejected");
}
