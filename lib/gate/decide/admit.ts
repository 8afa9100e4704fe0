import { hostNameOf } from "@/lib/domain/forwarded-headers";
import type { RequestPath } from "@/lib/domain/instance-url";
import type { BothSides } from "@/lib/domain/reverse-url";
import { failureFacts, type GateLog, labelOf, logRateLimited } from "../log";
import type { GateRequest } from "../messages";
import { type Observation, observationOf } from "../observe/observation";
import type { Onward } from "../proxy/exchange";
import { noOwnHeaders, openOwnHeaders, timesForwarded, upstreamHeaders } from "../proxy/request-headers";
import { upstreamPlace, upstreamTarget } from "../proxy/upstream";
import {
  bodyNotSupported,
  type GateError,
  policyUnavailable,
  traceNotSupported,
  upstreamUnreachable,
} from "./denial";
import { type GatheredFacts, gatherFacts } from "./facts";
import { type Judgement, judgeRequest, type PolicyReader } from "./judge";

/** What admitting needs from its surroundings. */
export interface Admitting {
  readonly readPolicy: PolicyReader;
  readonly now: () => Date;
  /** Host name that serves instances and nothing else, at any port; null when the dashboard shares theirs. */
  readonly ownHostName: string | null;
  readonly log: GateLog;
  /** Called once for each decided request whose instance and instance token were right. */
  readonly observe?: (observation: Observation) => void;
}

/** What is to be done with a request. */
export type Admission =
  | { readonly kind: "refuse"; readonly error: GateError; readonly gathered: GatheredFacts | null }
  /** `onward` says what an upstream would get; with no origin the built-in echo answers. */
  | { readonly kind: "echo"; readonly path: RequestPath; readonly onward: Onward }
  | {
      readonly kind: "forward";
      readonly accountId: string;
      readonly gathered: GatheredFacts;
      readonly onward: Onward;
    };

/** More passes than any chain of gates needs: the upstream leads back here. */
const mostPasses = 8;

/** True when the request came to a host name of the instances' own. Any other may be the dashboard's. */
export function isOwnOrigin({ host }: Pick<GateRequest, "host">, { ownHostName }: Admitting): boolean {
  return ownHostName !== null && host !== null && hostNameOf(host) === ownHostName;
}

function prepare(
  request: GateRequest,
  gathered: GatheredFacts,
  given: Judgement,
  gate: Admitting,
): Admission {
  const { path } = gathered;
  const { decision } = given;
  const refuse = (error: GateError): Admission => ({ kind: "refuse", error, gathered });
  if (path && gate.observe) {
    const observation = observationOf(request, path, given, gate.now().getTime());
    if (observation) gate.observe(observation);
  }
  if (decision.kind === "deny") return refuse(decision);
  if (path === null) return refuse(policyUnavailable);
  if (request.method === "TRACE") return refuse(traceNotSupported);
  if (request.bodyOutOfReach) return refuse(bodyNotSupported);
  const { policy } = decision;
  const { upstreamUrl, accountId, firstByteSeconds } = policy;
  const firstByteMs = firstByteSeconds === null ? null : firstByteSeconds * 1000;
  const place = upstreamUrl === null ? null : upstreamPlace(upstreamUrl);
  const { host, protocol } = request;
  const ownHost = gate.ownHostName;
  // Written out: a spread took a twentieth of the gate's time.
  const sides: BothSides | null = place && {
    origin: place.origin,
    basePath: place.basePath,
    path,
    host,
    protocol,
    ownHost,
  };
  const ownOrigin = isOwnOrigin(request, gate);
  // The echo shows its callers what it gets, and stored values are shown to nobody.
  const ownHeaders = place ? openOwnHeaders(policy) : noOwnHeaders;
  const headers = upstreamHeaders(request, { ownOrigin, ownHeaders, sides });
  if (place === null) {
    return { kind: "echo", path, onward: { origin: "", target: "", headers, firstByteMs, sides } };
  }
  if (timesForwarded(request.headers) > mostPasses) return refuse(upstreamUnreachable);
  const onward = { origin: place.origin, target: upstreamTarget(place, path), headers, firstByteMs, sides };
  return { kind: "forward", accountId, gathered, onward };
}

/**
 * Decides on a request and prepares what goes on; at once when the policy is held in memory. Every door
 * uses this. Never throws or rejects: what breaks is refused with 503.
 */
export function admit(request: GateRequest, gate: Admitting): Admission | Promise<Admission> {
  let gathered: GatheredFacts | null = null;
  const broken = (error: unknown): Admission => {
    const line = () => ({ ...labelOf(request, gathered?.path ?? null), ...failureFacts(error) });
    logRateLimited(gate.log, "error", "serving", line, "serving failed");
    return { kind: "refuse", error: policyUnavailable, gathered };
  };
  try {
    const facts = gatherFacts(request);
    gathered = facts;
    const given = judgeRequest(facts, {
      readPolicy: gate.readPolicy,
      now: gate.now,
      onFailure: (error) => {
        const line = () => ({ ...labelOf(request, facts.path), ...failureFacts(error) });
        logRateLimited(gate.log, "error", "policy", line, "the policy could not be read");
      },
    });
    if (!(given instanceof Promise)) return prepare(request, facts, given, gate);
    return given.then((later) => prepare(request, facts, later, gate)).catch(broken);
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
