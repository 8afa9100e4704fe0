import type { Logger } from "pino";
import { createLog } from "@/lib/log/logger";

let logger: Logger | undefined;

/** The dashboard's log, made on first use. Callers pass facts, never secrets or what was typed. */
export function log(): Logger {
  logger ??= createLog("dashboard");
  return logger;
}
