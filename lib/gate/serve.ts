import type { Dispatcher } from "undici";
import type { RequestPath } from "@/lib/domain/request-path";
import { authorize, type PolicyReader } from "./authorize";
import {
  bodyNotSupported,
  errorResponse,
  type GateError,
  policyUnavailable,
  upstreamUnreachable,
} from "./denial";
import { echo } from "./echo";
import { gatherFacts } from "./facts";
import { forward } from "./forward";
import { failureFacts, type GateLog, labelOf } from "./log";
import type { GateRequest, GateResponse } from "./messages";
import { openOwnHeaders } from "./own-headers";
import { timesForwarded, upstreamHeaders } from "./request-headers";
import { upstreamError } from "./upstream-error";

/** What serving needs from its surroundings. */
export interface Gate {
  readonly readPolicy: PolicyReader;
  readonly dispatcher: Pick<Dispatcher, "request">;
  readonly now: () => Date;
  /** Host (with port) that serves instances and nothing else; null when the dashboard shares theirs. */
  readonly ownHost: string | null;
  readonly log: GateLog;
}

/** More passes than any chain of gates needs: the upstream leads back here. */
const mostPasses = 8;

/**
 * Serves one request to an instance, from facts to answer. Never rejects and never lets a request
 * through on an error: what breaks before the decision is a 503, what breaks behind it a 502 or 504.
 */
export async function serve(request: GateRequest, gate: Gate): Promise<GateResponse> {
  // Any other host may be the dashboard's, where an upstream could act on the dashboard.
  const ownOrigin = gate.ownHost !== null && request.host?.toLowerCase() === gate.ownHost;
  let path: RequestPath | null = null;
  const refuse = (error: GateError): GateResponse => {
    gate.log.info({ ...labelOf(request, path), status: error.status, reason: error.reason }, "rejected");
    return errorResponse(error, request, ownOrigin);
  };
  try {
    const gathered = gatherFacts(request);
    path = gathered.path;
    const decision = await authorize(gathered, gate.readPolicy, gate.now, (error) => {
      gate.log.error({ ...labelOf(request, path), ...failureFacts(error) }, "the policy could not be read");
    });
    if (decision.kind === "deny") return refuse(decision);
    if (path === null) return refuse(policyUnavailable);
    if (request.bodyOutOfReach) return refuse(bodyNotSupported);

    const { upstreamUrl } = decision.policy;
    const ownHeaders = upstreamUrl === null ? [] : openOwnHeaders(decision.policy);
    const headers = upstreamHeaders(request, { ownOrigin, ownHeaders });
    if (upstreamUrl === null) return await echo(request, path, headers, ownOrigin);
    if (timesForwarded(request.headers) > mostPasses) return refuse(upstreamUnreachable);
    try {
      return await forward(request, path, upstreamUrl, headers, { dispatcher: gate.dispatcher, ownOrigin });
    } catch (error) {
      const outcome = request.signal.aborted ? "the client left" : "the upstream did not answer";
      gate.log.info({ ...labelOf(request, path), ...failureFacts(error) }, outcome);
      return refuse(upstreamError(error));
    }
  } catch (error) {
    gate.log.error({ ...labelOf(request, path), ...failureFacts(error) }, "serving failed");
    return refuse(policyUnavailable);
  }
}
