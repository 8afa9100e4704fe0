import { asksForAnother } from "@/lib/domain/endpoint";
import type { DenialReason, TokenVerdict } from "@/lib/domain/gate";
import type { GatheredFacts, Judgement } from "../decide/judge";

/**
 * What counts in the statistics of a caller: a decided request whose instance and instance token were right, or one
 * sight of the connection it opened.
 */
export interface CallerEvent {
  readonly accountId: string;
  readonly instanceId: string;
  /** Canonical address; null when it is not known. */
  readonly clientAddress: string | null;
  /** The `User-Agent` header as sent, one character a byte; cut and cleaned when it is counted. */
  readonly userAgent: string | null;
  readonly method: string;
  /** The path behind the instance token, without the query; kept only as its template. */
  readonly rest: string;
  /** The same without whom it names, where routes say that; null: they do not. */
  readonly about: string | null;
  /** A server could take it for a request with another method or path. */
  readonly asksForAnother: boolean;
  /** What the decision was. What became of the request behind it is not observed. */
  readonly outcome: "accepted" | DenialReason;
  /** What enforcement would have said of the token; null when the decision did not come to it. */
  readonly token: TokenVerdict | null;
  /** 1; 0 where no request came, but an open connection carried bytes for its caller. */
  readonly requests: 0 | 1;
  /** The moment of the request, in milliseconds since 1970. */
  readonly at: number;
}

/** Denials before a request has shown that it knows the instance's token, or that say nothing of it. */
const unproven: ReadonlySet<DenialReason> = new Set([
  "invalid_path",
  "unknown_instance",
  "policy_unavailable",
]);

/**
 * What is to be remembered of a decided request; null when its instance or instance token was wrong, so
 * that strangers cannot fill an account's statistics.
 */
export function callerEventOf(
  method: string,
  { path, facts, about }: GatheredFacts,
  { decision, policy }: Judgement,
  at: number,
): CallerEvent | null {
  if (path === null || policy === null || (decision.kind === "deny" && unproven.has(decision.reason)))
    return null;
  return {
    accountId: policy.accountId,
    instanceId: policy.instanceId,
    clientAddress: facts.clientAddress,
    userAgent: facts.userAgent,
    method,
    rest: path.rest,
    about,
    asksForAnother: asksForAnother(facts),
    outcome: decision.kind === "allow" ? "accepted" : decision.reason,
    token: decision.token,
    requests: 1,
    at,
  };
}
