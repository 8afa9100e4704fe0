import type { Origin } from "@/lib/domain/actor";
import type { FieldErrorCode, Refusal, RefusalCode } from "@/lib/domain/errors";
import type { SignOnProblem } from "@/lib/domain/single-sign-on";
import { LineBudget } from "@/lib/gate/line-budget";
import { log } from "./log";

/** Refusals that somebody who tries to get in would cause. What a role does not allow is in the audit trail. */
const telling: ReadonlySet<RefusalCode | FieldErrorCode> = new Set([
  "bad_credentials",
  "limited",
  "second_step_failed",
  "second_step_over",
  "link_invalid",
  "password_wrong",
  "code_wrong",
] as const);

const linesPerSecond = 100;

const budget = new LineBudget(linesPerSecond, (left) => log().warn({ left }, "lines left out"));

/**
 * Writes a line for a refused try to get in: also for an unknown address, which has no audit trail, and for
 * what a limit has stopped. Never what was typed. A flood is counted, not written.
 */
export function tellRefusal({ code, fields, retryAfter }: Refusal, { address }: Origin): void {
  const refused = [code, ...fields.map((field) => field.code)].find((each) => telling.has(each));
  if (refused && budget.take(refused)) log().warn({ refused, address, retryAfter }, "sign-in refused");
}

/** The same for a sign-in at a provider that led nowhere. */
export function tellSignOnProblem(
  problem: SignOnProblem,
  kind: string | undefined,
  { address }: Origin,
): void {
  const refused = `provider_${problem}`;
  if (budget.take(refused)) log().warn({ refused, kind, address }, "sign-in refused");
}
