import { type ClockReading, clockSkew, clocksAgree } from "@/lib/domain/confirmation";
import { instanceRoute, type RequestPath, serviceRoute } from "@/lib/domain/instance-url";
import { instanceIdPattern } from "@/lib/domain/token-format";
import { createLog, LineBudget } from "@/lib/log/logger";

/** The code of a failure, for the log; messages may hold addresses and URLs and are never logged. */
export function failureCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "UNKNOWN";
}

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
export function logRateLimited(
  log: GateLog,
  level: "info" | "error",
  kind: string,
  facts: () => object,
  message: string,
): void {
  if (log.admits?.(level, kind) !== false) log[level](facts(), message);
}

/** What every line about a request says of it. */
interface RequestLabel {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly instanceId: string | null;
}

/** Names a request in the log. An id that could not be one is left out: it may be a misplaced secret. */
export function labelOf(request: { id: string; method: string }, path: RequestPath | null): RequestLabel {
  const instanceId = path && instanceIdPattern.test(path.instanceId) ? path.instanceId : null;
  const route = path?.instanceToken === "" ? serviceRoute : instanceRoute;
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

/**
 * Watches how far this machine's clock is from the database's. Says once when it is more than a second off,
 * and once when it is right again: overlaps of rotations and links by mail end by this clock, and lines of
 * different machines are put in order by it.
 */
export class ClockWatch {
  readonly #log: Pick<GateLog, "info" | "error">;
  #offMs: number | null = null;
  #aheadMs: number | null = null;

  constructor(log: Pick<GateLog, "info" | "error">) {
    this.#log = log;
  }

  /** Milliseconds that the clock was ahead when last compared; null before. */
  get aheadMs(): number | null {
    return this.#aheadMs;
  }

  /** The same when it was last surely more than a second off; null since it agrees, or was never found off. */
  get offMs(): number | null {
    return this.#offMs;
  }

  compared(reading: ClockReading): void {
    const skew = clockSkew(reading);
    this.#aheadMs = skew.aheadMs;
    const agrees = clocksAgree(skew);
    if (agrees === null) return;
    const agreed = this.#offMs === null;
    this.#offMs = agrees ? null : skew.aheadMs;
    if (agrees === agreed) return;
    const facts = { aheadMs: Math.round(skew.aheadMs), uncertainMs: Math.ceil(skew.uncertainMs) };
    if (agrees) this.#log.info(facts, "the clock agrees with the database's again");
    else this.#log.error(facts, "the clock is off the database's by more than a second: check NTP on both");
  }
}
