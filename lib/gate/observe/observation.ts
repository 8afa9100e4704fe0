import type { DenialReason, TokenVerdict } from "@/lib/domain/gate";
import type { RequestPath } from "@/lib/domain/instance-url";
import type { Judgement } from "../decide/judge";
import { valuesOf } from "../headers";
import type { GateRequest } from "../messages";

/**
 * One decided request whose instance and instance token were right, as the gate saw it; or one sight of what it
 * opened, which goes on.
 */
export interface Observation {
  readonly accountId: string;
  readonly instanceId: string;
  /** Canonical address; null when it is not known. */
  readonly clientAddress: string | null;
  /** The `User-Agent` header as sent, one character a byte; the observer cuts and cleans it. */
  readonly userAgent: string | null;
  readonly method: string;
  /** The path behind the instance token, without the query; kept only as its template. */
  readonly rest: string;
  /** What the decision was. What became of the request behind it is not observed. */
  readonly outcome: "accepted" | DenialReason;
  /** What enforcement would have said of the token; null when the decision did not come to it. */
  readonly token: TokenVerdict | null;
  /** 1; 0 where no request came, but an open connection carried bytes for its caller. */
  readonly requests: 0 | 1;
  /** The moment of the request, in milliseconds since 1970. */
  readonly at: number;
}

/** Sums observations and writes them down now and then; nothing of a single request goes to the database. */
export interface Observer {
  /** Adds one observation in constant time and bounded memory. Never throws. */
  record(observation: Observation): void;
  /** Writes what is summed up. What cannot be written stays and goes with the next flush; never rejects. */
  flush(): Promise<void>;
  /** Flushes, up to three times and 5 s while that fails, and stops; what is recorded later is dropped. */
  close(): Promise<void>;
}

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
  { decision, policy }: Judgement,
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
