import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { valuesOf } from "./header-lines";
import { type AnswerOptions, clientHeaders } from "./response-headers";

/** The head of an upstream's answer as a client gets it. */
export interface AnswerHead {
  readonly status: number;
  /** Empty when the standard phrase will do. */
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
}

/** Statuses without a body, whatever the headers say (RFC 9110 §6.4.1, §15.3.6). */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/** Their length could only be 0, so one that says otherwise must not reach a client that waits for it. */
const lengthless: ReadonlySet<number> = new Set([204, 205]);

/** A reason phrase that can be sent again (RFC 9112 §4); it means nothing, so it may as well be left out. */
const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;

/** An answer that cannot be passed on as it is. */
export class UnusableAnswer extends Error {
  override name = "UnusableAnswer";
  readonly code = "UNUSABLE_ANSWER";
}

/** @throws UnusableAnswer for 101 where no other protocol was asked for (RFC 9110 §7.8) */
export function refuseSwitch(status: number): void {
  if (status === 101) throw new UnusableAnswer("the upstream switched to a protocol it was not asked for");
}

/** True when an answer with this status to this method has a body (RFC 9112 §6.3). */
export function hasBody(method: string, status: number): boolean {
  return method !== "HEAD" && !bodyless.has(status);
}

/**
 * Turns the head of an upstream's answer into what the client gets.
 *
 * @throws UnusableAnswer for a coding other than chunked: it would pass as content, since the gate never
 *   asked for one (`TE`)
 */
export function answerHead(
  status: number,
  statusText: string,
  lines: readonly HeaderLine[],
  options: AnswerOptions,
): AnswerHead {
  const codings = valuesOf(lines, "transfer-encoding");
  if (codings.length > 0 && codings.join().trim().toLowerCase() !== "chunked")
    throw new UnusableAnswer("the upstream used a transfer coding it was not asked for");
  const kept = lengthless.has(status) ? lines.filter(([name]) => name !== "content-length") : lines;
  const headers = clientHeaders(kept, options);
  // Unlike 204, this one has to say that it is empty (RFC 9110 §15.3.6).
  if (status === 205) headers.push(["content-length", "0"]);
  return { status, statusText: reasonPhrase.test(statusText) ? statusText : "", headers };
}
