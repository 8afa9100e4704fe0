import type { Origin } from "@/lib/domain/actor";
import type { FieldErrorCode, Refusal, RefusalCode } from "@/lib/domain/errors";
import type { SignOnProblem } from "@/lib/domain/single-sign-on";
import { LineBudget } from "@/lib/log/logger";
import type { ForeignCheck } from "./foreign-write";
import { log } from "./log";
import { type Asked, originOf } from "./origin";
import { pageTemplate } from "./page-template";

/** Refusals that somebody who tries to get in would cause. */
const telling: ReadonlySet<RefusalCode | FieldErrorCode> = new Set([
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

function tell(refused: string, facts: object, message: string): void {
  if (budget().take(refused)) log().warn({ refused, ...facts }, message);
}

/**
 * Writes a line for what a use case has refused: tries to get in (also for an unknown address, which has no
 * audit trail), what a limit has stopped, input that a schema does not take, and what is against the rules.
 * Fields by name and code, never what was typed. Being asked for a proof is part of doing things, and none.
 *
 * @param person id of who was signed in
 */
export function tellRefusal(
  { code, fields, retryAfter, permission }: Refusal,
  { address, page }: Asked,
  person?: string,
): void {
  if (code === "proof_required") return;
  const who = { address, page, person };
  const codes = [code, ...fields.map((field) => field.code)];
  const tried = codes.find((each) => telling.has(each) || (each === "limited" && person === undefined));
  if (tried) {
    tell(tried, { ...who, retryAfter }, "sign-in refused");
  } else if (code === "invalid") {
    const named = fields.slice(0, mostFields).map(({ field, code: why }) => `${field}: ${why}`);
    tell(code, { ...who, fields: named }, "input refused");
  } else {
    tell(code, { ...who, retryAfter, permission }, "call refused");
  }
}

/** The same for a sign-in at a provider that led nowhere. */
export function tellSignOnProblem(
  problem: SignOnProblem,
  kind: string | undefined,
  { address }: Origin,
): void {
  tell(`provider_${problem}`, { kind, address }, "sign-in refused");
}

/** What of a request a line about it is made of. */
interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** Writes a line for a request that was refused because another site made the browser send it. */
export function tellForeign(check: ForeignCheck, { method, url, headers }: Sent): void {
  const { address } = originOf(headers);
  const page = pageTemplate(new URL(url).pathname);
  tell("other_site", { check, method, page, address }, "request refused");
}
