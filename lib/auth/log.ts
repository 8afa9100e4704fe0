import pino, { type Logger } from "pino";
import { config } from "@/lib/config";

let logger: Logger | undefined;

/** What of an error is logged: database drivers hang rows and parameters on theirs. */
function describe(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack };
}

/** The dashboard's log, made on first use. Callers pass facts, never secrets or what was typed. */
export function log(): Logger {
  logger ??= pino({ name: "dashboard", level: config().logLevel, serializers: { err: describe } });
  return logger;
}
