import type { RequestPath } from "@/lib/domain/instance-url";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { LineBudget } from "@/lib/log/line-budget";
import { createLog } from "@/lib/log/logger";
import { failureCode } from "./upstream-error";

/** Where the gate writes; a pino logger, or anything with these two methods. */
export interface GateLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
  /** Present when every request is to be told about. */
  readonly debug?: ((facts: object, message: string) => void) | undefined;
  /** False when a line of this kind is not wanted now; asked before its facts are gathered. */
  readonly admits?: (level: "info" | "error", kind: string) => boolean;
}

/** Writes a line that anybody could cause any number of times. Its facts are gathered only if it is written. */
export function tellOften(
  log: GateLog,
  level: "info" | "error",
  kind: string,
  facts: () => object,
  message: string,
): void {
  if (log.admits?.(level, kind) !== false) log[level](facts(), message);
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

const linesPerSecond = 100;

/**
 * The gate's log at the configured level. Of the lines that strangers can cause, a hundred a second are
 * written; the others are counted and told about in one line a second.
 */
export function createGateLog(): GateLog {
  const logger = createLog("gate");
  const budget = new LineBudget(linesPerSecond, (left) => logger.info({ left }, "lines left out"));
  return {
    info: (facts, message) => logger.info(facts, message),
    error: (facts, message) => logger.error(facts, message),
    debug: logger.isLevelEnabled("debug") ? (facts, message) => logger.debug(facts, message) : undefined,
    admits: (level, kind) => logger.isLevelEnabled(level) && budget.take(kind),
  };
}
