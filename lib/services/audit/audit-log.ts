import type { Logger } from "pino";
import { config } from "@/lib/config";
import { type HashedEvent, lineOf } from "@/lib/domain/audit-chain";
import { createAuditLog } from "@/lib/log/logger";

let logger: Logger | undefined;

/** Not bound to `LOG_LEVEL`: what is recorded is no matter of how much one wants to read. */
function log(): Logger {
  logger ??= createAuditLog(config().auditLog === "on" ? "info" : "silent");
  return logger;
}

/**
 * Writes a committed event to standard output, as one line with the event in `event`: all that is chained and
 * its hash, its members in the order of an export's line, so that a copy that was collected elsewhere can be
 * checked by itself and against the database.
 */
export function printEvent(event: HashedEvent): void {
  log().info({ event: JSON.parse(lineOf(event)) }, "recorded");
}
