import pino from "pino";
import { config } from "@/lib/config";
import { instanceIdPattern } from "@/lib/domain/instance-token";
import type { RequestPath } from "@/lib/domain/request-path";
import { failureCode } from "./upstream-error";

/** Where the gate writes; a pino logger, or anything with these two methods. */
export interface GateLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What every line about a request says of it. */
export interface RequestLabel {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly instanceId: string | null;
}

/** The path as its template: what callers put in their paths, their token above all, is not ours to keep. */
const route = "/instances/{instanceId}/token/{instanceToken}/{path}";

/** Names a request in the log. An id that could not be one is left out: it may be a misplaced secret. */
export function labelOf(request: { id: string; method: string }, path: RequestPath | null): RequestLabel {
  const instanceId = path && instanceIdPattern.test(path.instanceId) ? path.instanceId : null;
  return { requestId: request.id, method: request.method, route, instanceId };
}

/** The name and code of a failure; never its message, which may quote a URL or a value. */
export function failureFacts(error: unknown): { failure: string; code: string } {
  return { failure: error instanceof Error ? error.name : typeof error, code: failureCode(error) };
}

/** The gate's log at the configured level. */
export function createGateLog(): GateLog {
  return pino({ name: "gate", level: config().logLevel });
}
