import type { Dispatcher } from "undici";
import type { RequestPath } from "@/lib/domain/instance-url";
import { type Admitting, admit, isOwnOrigin, logRejection } from "./admit";
import { errorResponse, type GateError, policyUnavailable } from "./denial";
import { echo } from "./echo";
import { forward } from "./forward";
import { failureFacts, labelOf, tellOften } from "./log";
import type { GateRequest, GateResponse } from "./messages";
import { upstreamError } from "./upstream-error";

/** What serving needs from its surroundings. */
export interface Gate extends Admitting {
  readonly dispatcher: Pick<Dispatcher, "request">;
}

/**
 * Serves one request to an instance, from facts to answer. Never rejects and never lets a request
 * through on an error: what breaks before the decision is a 503, what breaks behind it a 502 or 504.
 */
export async function serve(request: GateRequest, gate: Gate): Promise<GateResponse> {
  const ownOrigin = isOwnOrigin(request, gate);
  let path: RequestPath | null = null;
  const refuse = (error: GateError): GateResponse => {
    logRejection(gate.log, request, path, error);
    return errorResponse(error, request, ownOrigin);
  };
  try {
    const admission = await admit(request, gate);
    path = admission.kind === "echo" ? admission.path : (admission.gathered?.path ?? null);
    if (admission.kind === "refuse") return refuse(admission.error);
    const { onward } = admission;
    if (admission.kind === "echo") return await echo(request, admission.path, onward.headers, ownOrigin);
    try {
      return await forward(request, onward, { dispatcher: gate.dispatcher, ownOrigin });
    } catch (error) {
      const outcome = request.signal.aborted ? "the client left" : "the upstream did not answer";
      const told = () => ({ ...labelOf(request, path), ...failureFacts(error) });
      tellOften(gate.log, "info", outcome, told, outcome);
      return refuse(upstreamError(error));
    }
  } catch (error) {
    gate.log.error({ ...labelOf(request, path), ...failureFacts(error) }, "serving failed");
    return refuse(policyUnavailable);
  }
}
