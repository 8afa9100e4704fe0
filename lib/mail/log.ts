import type { Logger } from "pino";
import { createLog } from "@/lib/log/logger";

let logger: Logger | undefined;

/** The log of sending, made on first use. It gets names and codes, never an address, a link or what a server said. */
export function log(): Logger {
  logger ??= createLog("mail");
  return logger;
}

/** What of a failure is logged: servers repeat addresses in their answers. */
export function failureFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, originalCode, responseCode, command } = error as unknown as Record<string, unknown>;
  return { type: error.name, code, originalCode, responseCode, command };
}
