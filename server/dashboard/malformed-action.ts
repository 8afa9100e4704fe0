import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { createLog, LineBudget } from "@/lib/log/logger";
import { actionAttempts } from "@/lib/log/printed";
import { clientAddress } from "@/lib/net/client-address";

const linesPerSecond = 100;
let logger: Logger | undefined;

/** Made on first use: a configuration that cannot work is told by the program, in its own words. */
function log(): Logger {
  logger ??= createLog("dashboard");
  return logger;
}

const budget = new LineBudget(linesPerSecond, (left) => log().warn({ left }, "lines left out"));

/** Writes a line for an exception that a request ended in, within the budget of lines. */
export function logError(error: unknown): void {
  if (budget.take("failed")) log().error({ err: error }, "request failed");
}

function logMalformed(request: IncomingMessage): void {
  const header = (name: string) => request.headers[name]?.toString() ?? null;
  const facts = () => ({
    refused: "malformed",
    method: request.method,
    address: clientAddress({ get: header }),
  });
  if (budget.take("malformed")) log().warn(facts(), "request refused");
}

/** As Next.js tells a call of a server action from other requests: by the header, or as a form sent without scripts. */
function callsAction({ method, url = "", headers }: IncomingMessage): boolean {
  if (method !== "POST" || url.startsWith("/api/")) return false;
  return (
    headers["next-action"] !== undefined || /^multipart\/form-data\b/i.test(headers["content-type"] ?? "")
  );
}

/**
 * Lets Next.js answer. A call of a server action that never got to it, because Next.js could not read what was sent,
 * is answered 400 instead of 500 and is one line of the log; Next.js would print what it stumbled over.
 */
export function rejectMalformedAction(
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<void>,
): Promise<void> {
  if (!callsAction(request)) return answer();
  const attempt = { reached: false };
  const failed = () => !attempt.reached && response.statusCode >= 500;
  replaceWhen(failed, response);
  response.once("close", () => {
    if (!attempt.reached && response.statusCode >= 400) logMalformed(request);
    // What was opened meanwhile, and stays, is no longer part of it.
    attempt.reached = true;
  });
  return actionAttempts().run(attempt, answer);
}

/** Replaces an answer before its first byte leaves; what else is written to it goes nowhere. */
function replaceWhen(wanted: () => boolean, response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...head: readonly unknown[]) => ServerResponse;
  const write = response.write.bind(response) as (...chunk: readonly unknown[]) => boolean;
  const end = response.end.bind(response) as (...chunk: readonly unknown[]) => ServerResponse;
  let replaced: boolean | undefined;
  const isReplaced = () => {
    if (replaced !== undefined) return replaced;
    replaced = !response.headersSent && wanted();
    if (replaced) {
      const text = JSON.stringify({ error: "Malformed request" });
      for (const name of ["content-encoding", "etag", "transfer-encoding"]) response.removeHeader(name);
      response.setHeader("content-type", "application/json");
      response.setHeader("content-length", Buffer.byteLength(text));
      response.setHeader("cache-control", "no-store");
      response.statusCode = 400;
      end(text);
    }
    return replaced;
  };
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    if (replaced === undefined) response.statusCode = status;
    return isReplaced() && response.headersSent ? response : writeHead(response.statusCode, ...rest);
  }) as typeof response.writeHead;
  response.write = ((...chunk: unknown[]) =>
    isReplaced() ? true : write(...chunk)) as typeof response.write;
  response.end = ((...chunk: unknown[]) => (isReplaced() ? response : end(...chunk))) as typeof response.end;
  response.flushHeaders = () => {
    if (!isReplaced()) Object.getPrototypeOf(response).flushHeaders.call(response);
  };
}
