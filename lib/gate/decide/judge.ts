import { instanceTokenDigest } from "@/lib/crypto/digest";
import type { DirectoryService } from "@/lib/db/services";
import { answer } from "@/lib/domain/answer-style";
import {
  type Decision,
  DecisionMemo,
  type Denial,
  decide,
  type InstancePolicy,
  type RequestFacts,
} from "@/lib/domain/gate";
import { parseRequestPath, type RequestPath } from "@/lib/domain/instance-url";
import { givenKey } from "@/lib/domain/policy-key";
import { isCredential, isLabel } from "@/lib/domain/service";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { valuesOf } from "../headers";
import { type BodyMemory, releaseBody } from "../held-body";
import { failureFacts, type GateLog, labelOf, logRateLimited } from "../log";
import { type GateRequest, judgeToken } from "../messages";
import { type CallerEvent, callerEventOf } from "../observe/caller-event";
import type { HostDirectory } from "../policy/host-directory";
import type { UpstreamSide } from "../proxy/upstream-request";
import { type Addressed, type Addressee, addresseeOf, addresseeWithin, type PublicPath } from "./addressee";
import { type GateError, nothingThere, policyUnavailable } from "./denial";
import { headerName, tokenLines } from "./token-lines";

const noToken = judgeToken([]);

/** A request reduced to facts, with its path where that is well formed. */
export interface GatheredFacts {
  readonly path: RequestPath | null;
  /** What the policy is looked up by; null where there can be none. */
  readonly key: string | null;
  readonly facts: RequestFacts;
  /** The path as callers are remembered by, where it names its instance itself; null: as it is. */
  readonly about: string | null;
}

/** Who asks, and with what. The tokens themselves go no further than this: only digests do. */
function factsOf(
  { method, headers, clientAddress, memo }: GateRequest,
  path: RequestPath | null,
  credential: RequestFacts["instanceTokenDigest"],
  lines: readonly string[],
): RequestFacts {
  const [line] = lines;
  const token =
    line === undefined ? noToken : memo && lines.length === 1 ? memo.token(line) : judgeToken(lines);
  return {
    instanceTokenDigest: credential,
    presented: token.presented,
    presentedDigest: token.digest,
    clientAddress,
    userAgent: valuesOf(headers, "user-agent")[0] ?? null,
    method,
    path: path === null ? "" : path.rest,
    query: path === null ? "" : path.query,
    headers,
  };
}

/** Turns a request under the contract's own path into facts. */
function gatherFacts(request: GateRequest): GatheredFacts {
  const { target, headers, memo } = request;
  const path = memo ? memo.path(target) : parseRequestPath(target);
  const digest = memo ? memo.instanceDigest : instanceTokenDigest.joined;
  // Ids have one public form; a look-up of anything else would be work that strangers can ask for.
  const key = path && instanceIdPattern.test(path.instanceId) ? path.instanceId : null;
  const facts = factsOf(request, path, path && digest(path.instanceToken), valuesOf(headers, headerName));
  return { path, key, facts, about: null };
}

/** Turns a request that names its instance in another way into facts. */
function factsOfAddressee(
  request: GateRequest,
  { path, key, credential, about, tokenHeader }: Addressee,
): GatheredFacts {
  const lines = tokenLines(request.headers, tokenHeader);
  const digest = request.memo ? request.memo.instanceDigest : instanceTokenDigest.joined;
  const facts = factsOf(request, path, credential === null ? "by_name" : digest(credential), lines);
  return { path, key, facts, about };
}

/**
 * Reads the policy of one instance, by its id or a key of `policy-key.ts`; null when there is no such instance. May answer
 * at once, without a promise, when it is held in memory.
 */
type PolicyReader = (key: string) => InstancePolicy | null | Promise<InstancePolicy | null>;

/** A decision, and what it was made from. */
export interface Judgement {
  readonly decision: Decision;
  /** null when it could not be read, or there is no such instance. */
  readonly policy: InstancePolicy | null;
}

/** What judging facts stands on. */
interface FactsJudge {
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

/** What an id that an owner has given is looked up by, in the contract's own path; null where there can be none. */
function givenKeyOf({ path, facts: { instanceTokenDigest: digest } }: GatheredFacts): string | null {
  if (path === null || digest === null || digest === "by_name") return null;
  return isLabel(path.instanceId) && isCredential(path.instanceToken)
    ? givenKey(path.instanceId, digest)
    : null;
}

/**
 * Decides on a request by its facts; at once when its policy is held in memory. Closed on every failure:
 * when the policy cannot be read, that is the decision. Never throws or rejects.
 *
 * Who is nobody by an id of ours may be somebody by an id that was given: that one counts only together with its token,
 * so that the same id can be given in any number of accounts.
 */
function judgeFacts(
  gathered: GatheredFacts,
  judge: FactsJudge,
  decisions = new DecisionMemo(),
): Judgement | Promise<Judgement> {
  if (gathered.key === null) return judgeByKey(givenKeyOf(gathered), gathered, judge, decisions);
  const judged = judgeByKey(gathered.key, gathered, judge, decisions);
  const elsewhere = (first: Judgement): Judgement | Promise<Judgement> => {
    const { decision, policy } = first;
    if (decision.kind !== "deny" || decision.reason !== "unknown_instance") return first;
    const key = givenKeyOf(gathered);
    if (key === null) return first;
    const second = judgeByKey(key, gathered, judge, decisions);
    const better = ({ decision: other, ...rest }: Judgement): Judgement => {
      if (other.kind !== "deny") return { decision: other, ...rest };
      // While the database is away, what is in memory counts.
      const unread = policy !== null && other.reason === "policy_unavailable";
      return unread || other.reason === "unknown_instance" ? first : { decision: other, ...rest };
    };
    return second instanceof Promise ? second.then(better) : better(second);
  };
  return judged instanceof Promise ? judged.then(elsewhere) : elsewhere(judged);
}

function judgeByKey(
  key: string | null,
  { facts }: GatheredFacts,
  { readPolicy, now, onFailure }: FactsJudge,
  decisions: DecisionMemo,
): Judgement | Promise<Judgement> {
  if (key === null) return { decision: decisions.decide(facts, null, now()), policy: null };
  const failed = (error: unknown) => {
    onFailure(error);
    return { decision: decide(facts, { kind: "unavailable" }, now()), policy: null };
  };
  try {
    const read = readPolicy(key);
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
  /** For bodies that name an instance. */
  readonly bodies: BodyMemory;
  /** Whose other host names are; absent where the contract's own path is all there is. */
  readonly directory?: HostDirectory;
}

/** What is to be done with a request. A door that only answers needs nothing more. */
export type JudgedRequest =
  | { readonly kind: "reject"; readonly error: GateError; readonly path: RequestPath | null }
  | PassedRequest;

/** A request that goes on. */
export interface PassedRequest {
  readonly kind: "pass";
  readonly path: RequestPath;
  readonly policy: UpstreamSide;
  /** What is stored for the upstream goes with it. */
  readonly proven: boolean;
  /** A header besides Client-Token that may hold the account's token; null: none. */
  readonly tokenHeader: string | null;
  /** The request as it goes on: its body may have been read already, and comes again. */
  readonly request: GateRequest;
  /** null for what a service lets pass without an instance. */
  readonly gathered: GatheredFacts | null;
}

/**
 * A denial in the words of whom it is about. That an instance is unknown is said in those of the service that the host
 * names: its own would tell that it exists.
 */
function styled(denial: Denial, policy: InstancePolicy | null, service: DirectoryService | null): GateError {
  const own = denial.reason === "unknown_instance" ? null : policy;
  return answer(denial, (own ?? service)?.answerStyle ?? "documented");
}

/** Under the contract's path only Client-Token counts. */
const underNoName = { service: null, tokenHeader: null } as const;

function outcome(
  request: GateRequest,
  gathered: GatheredFacts,
  judgement: Judgement,
  { now, observe }: RequestJudge,
  { service, tokenHeader }: Pick<Addressee, "service" | "tokenHeader">,
): JudgedRequest {
  const path = pathOf(gathered, judgement);
  const { decision } = judgement;
  const event = observe && callerEventOf(request.method, gathered, judgement, now().getTime());
  if (event) observe(event);
  if (decision.kind === "deny")
    return { kind: "reject", error: styled(decision, judgement.policy, service), path };
  if (path === null) return { kind: "reject", error: policyUnavailable, path };
  const { policy, proven } = decision;
  return { kind: "pass", path, policy, proven, tokenHeader, request, gathered };
}

/** Under a host name, the instance is known only by its policy. */
function pathOf({ path }: GatheredFacts, { policy }: Judgement): RequestPath | null {
  if (path === null || path.instanceToken !== "" || policy === null) return path;
  return { ...path, instanceId: policy.instanceId };
}

/** Of an upstream that is no instance's. Nothing stored goes there. */
function passPublic(request: GateRequest, { path, service }: PublicPath): PassedRequest {
  const { accountId, upstreamUrl, firstByteSeconds, tokenHeader } = service;
  const stored = { headersSealed: null, serviceId: null, serviceHeadersSealed: null };
  const policy = { instanceId: "", accountId, upstreamUrl, firstByteSeconds, ...stored };
  return { kind: "pass", path, policy, proven: false, tokenHeader, request, gathered: null };
}

/**
 * Holds a request to what its own name stands for: what came under the contract's path or a host of one instance, and
 * goes to a service, has to name that instance once more by the routes of the service. Otherwise the key of the service
 * would open all that is behind it.
 *
 * @throws Error (the promise rejects) when the service is not known as it was announced
 */
async function pin(passed: PassedRequest, judge: RequestJudge, parts: FactsJudge): Promise<JudgedRequest> {
  const { policy, path, request } = passed;
  const { accountId, serviceId } = policy;
  const nobody = { kind: "reject", error: nothingThere, path } as const;
  await judge.directory?.whenAccountFresh(accountId);
  const service = serviceId === null ? null : judge.directory?.serviceOf(serviceId);
  if (!service) return nobody;
  if (service.routes.length === 0) return { ...passed, tokenHeader: service.tokenHeader };
  const target = (path.rest || "/") + path.query;
  const found = await addresseeWithin({ ...request, target }, service, judge.bodies);
  if (found.kind === "nobody") return { ...nobody, error: found.error };
  if (found.kind === "public") return { ...passed, proven: false };
  if (found.kind === "contract") return nobody;
  const { decision } = await judgeFacts(factsOfAddressee(found.request, found), parts);
  if (decision.kind === "deny" || decision.policy.instanceId !== policy.instanceId) {
    releaseBody(found.request.body);
    return decision.kind === "deny" ? { ...nobody, error: answer(decision, service.answerStyle) } : nobody;
  }
  return { ...passed, tokenHeader: service.tokenHeader, request: { ...request, body: found.request.body } };
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
  const parts = {
    readPolicy: judge.readPolicy,
    now: judge.now,
    onFailure: (error: unknown) => fail("policy", error, "the policy could not be read"),
  };
  const decideOn = (
    asked: GateRequest,
    gathered: GatheredFacts,
    under: Pick<Addressee, "service" | "tokenHeader"> = underNoName,
  ): JudgedRequest | Promise<JudgedRequest> => {
    path = gathered.path;
    const settle = (judgement: Judgement) => {
      const judged = outcome(asked, gathered, judgement, judge, under);
      if (judged.kind === "reject") releaseBody(asked.body);
      const isElsewhere =
        judged.kind === "pass" && under.service === null && judged.policy.serviceId !== null;
      return isElsewhere ? pin(judged, judge, parts).catch(broken) : judged;
    };
    const judgement = judgeFacts(gathered, parts, asked.memo?.decisions);
    return judgement instanceof Promise ? judgement.then(settle).catch(broken) : settle(judgement);
  };
  try {
    const { directory } = judge;
    if (directory === undefined || !directory.any) return decideOn(request, gatherFacts(request));
    const decideFor = (found: Addressed): JudgedRequest | Promise<JudgedRequest> => {
      switch (found.kind) {
        case "contract":
          return decideOn(request, gatherFacts(request));
        case "nobody":
          return { kind: "reject", error: found.error, path };
        case "public":
          return passPublic(request, found);
        case "instance":
          return decideOn(found.request, factsOfAddressee(found.request, found), found);
      }
    };
    const addressed = addresseeOf(request, directory, judge.bodies);
    if (!(addressed instanceof Promise)) return decideFor(addressed);
    return addressed.then(decideFor).catch(broken);
  } catch (error) {
    return broken(error);
  }
}

/** Notes a rejection in the log, with the address: of who asks for an instance that is none, nothing else is kept. */
export function logRejection(
  log: GateLog,
  request: GateRequest,
  path: RequestPath | null,
  error: GateError,
): void {
  const line = () => ({
    ...labelOf(request, path),
    address: request.clientAddress,
    status: error.status,
    reason: error.reason,
  });
  logRateLimited(log, "info", error.reason, line, "rejected");
}
