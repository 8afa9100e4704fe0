import pino, { type Logger } from "pino";
import { config } from "@/lib/config";

let logger: Logger | undefined;

/** The dashboard's log, made on first use. Callers pass facts, never secrets or what was typed. */
export function log(): Logger {
  logger ??= pino({ name: "dashboard", level: config().logLevel });
  return logger;
}
