import type { Logger } from "pino";
import type { FieldErrorCode, Refusal, RefusalCode } from "@/lib/domain/errors";
import type { SignOnProblem } from "@/lib/domain/single-sign-on";
import { createLog, LineBudget } from "@/lib/log/logger";
import type { HeaderReader } from "@/lib/net/client-address";
import { type ForeignCheck, originOf, pageHeader, pageTemplate } from "./origin";

let logger: Logger | undefined;

/** The dashboard's log, made on first use. Callers pass facts, never secrets or what was typed. */
export function log(): Logger {
  logger ??= createLog("dashboard");
  return logger;
}

/** Refusals that somebody who tries to get in would cause. */
const signInRefusals: ReadonlySet<RefusalCode | FieldErrorCode> = new Set([
  "bad_credentials",
  "second_step_failed",
  "second_step_over",
  "link_invalid",
  "link_signed_out",
  "password_wrong",
  "code_wrong",
] as const);

const linesPerSecond = 100;
/** No form has more; a forged call may. */
const mostFields = 20;

// proxy.ts is bundled apart from the pages; one process has one budget.
const shared = globalThis as typeof globalThis & { latchkeyRefusalLines?: LineBudget };

function budget(): LineBudget {
  shared.latchkeyRefusalLines ??= new LineBudget(linesPerSecond, (left) => {
    log().warn({ left }, "lines left out");
  });
  return shared.latchkeyRefusalLines;
}

function rateLimitedLog(refused: string, facts: object, message: string): void {
  if (budget().take(refused)) log().warn({ refused, ...facts }, message);
}

/**
 * Writes a line for what a use case has refused: tries to get in (also for an unknown address, which has no
 * audit trail), what a limit has stopped, input that a schema does not take, and what is against the rules.
 * Fields by name and code, never what was typed. Being asked for a proof is part of doing things, and none.
 *
 * @param headers as proxy.ts has passed them on
 * @param person id of who was signed in
 */
export function logRefusal(
  { code, fields, retryAfter, permission }: Refusal,
  headers: HeaderReader,
  person?: string,
): void {
  if (code === "proof_required") return;
  const { address } = originOf(headers);
  const who = { address, page: pageTemplate(headers.get(pageHeader) ?? ""), person };
  const codes = [code, ...fields.map((field) => field.code)];
  const tried = codes.find(
    (each) => signInRefusals.has(each) || (each === "limited" && person === undefined),
  );
  if (tried) {
    rateLimitedLog(tried, { ...who, retryAfter }, "sign-in refused");
  } else if (code === "invalid") {
    const named = fields.slice(0, mostFields).map(({ field, code: why }) => `${field}: ${why}`);
    rateLimitedLog(code, { ...who, fields: named }, "input refused");
  } else {
    rateLimitedLog(code, { ...who, retryAfter, permission }, "call refused");
  }
}

/** The same for a sign-in at a provider that led nowhere. @param kind the sort of failure, never a message */
export function logSignOnProblem(
  problem: SignOnProblem,
  kind: string | undefined,
  headers: HeaderReader,
): void {
  const { address } = originOf(headers);
  rateLimitedLog(`provider_${problem}`, { kind, address }, "sign-in refused");
}

/** Writes a line for a request that was refused because another site made the browser send it. */
export function logForeignWrite(
  check: ForeignCheck,
  { method, url, headers }: { readonly method: string; readonly url: string; readonly headers: HeaderReader },
): void {
  const { address } = originOf(headers);
  const page = pageTemplate(new URL(url).pathname);
  rateLimitedLog("other_site", { check, method, page, address }, "request refused");
}
