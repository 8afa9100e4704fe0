import type { DenialReason, TokenVerdict } from "@/lib/domain/gate";
import type { RequestPath } from "@/lib/domain/instance-url";
import type { Authorization } from "./authorize";
import { valuesOf } from "./header-lines";
import type { GateRequest } from "./messages";
import type { Observation } from "./observation";

/** Denials before a request has shown that it knows the instance's token, or that say nothing of it. */
const unproven: ReadonlySet<DenialReason> = new Set([
  "invalid_path",
  "unknown_instance",
  "policy_unavailable",
]);

function verdictOf(reason: DenialReason): TokenVerdict | null {
  switch (reason) {
    case "missing":
    case "malformed":
    case "unknown":
    case "retired":
    case "instance_token":
    case "duplicate":
    case "placeholder":
      return reason;
    default:
      return null;
  }
}

/** What is observed of a request, beside its path and what was decided. */
export type ObservedRequest = Pick<GateRequest, "clientAddress" | "headers" | "method">;

/**
 * What is to be remembered of a decided request; null when its instance or instance token was wrong, so
 * that strangers cannot fill an account's statistics.
 */
export function observationOf(
  request: ObservedRequest,
  path: RequestPath,
  { decision, policy }: Authorization,
  at: number,
): Observation | null {
  if (policy === null || (decision.kind === "deny" && unproven.has(decision.reason))) return null;
  return {
    accountId: policy.accountId,
    instanceId: policy.instanceId,
    clientAddress: request.clientAddress,
    userAgent: valuesOf(request.headers, "user-agent")[0] ?? null,
    method: request.method,
    rest: path.rest,
    outcome: decision.kind === "allow" ? "accepted" : decision.reason,
    token: decision.kind === "allow" ? decision.token : verdictOf(decision.reason),
    requests: 1,
    at,
  };
}
