import { terminal } from "@/lib/log/printed";
import { escapeControls, redactText } from "@/lib/log/safe-text";

/** A process that cannot start for a reason its operator can mend; the message says what to do. */
export class StartError extends Error {
  override name = "StartError";
}

/** The `code` of a system or PostgreSQL error, or an empty text. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/**
 * Text for the person at the terminal. Every line of it begins alike, so that none can pass for a line of the log,
 * and nothing in it steers the terminal.
 */
function human(text: string): string {
  const lines = text.split("\n").map((line) => `Latchkey: ${escapeControls(line)}\n`);
  return lines.join("");
}

/** Prints a line, or several, for the person at the terminal. */
export function print(text: string): void {
  terminal().stdout(human(text));
}

/** Prints the one line that programs wait for: where Latchkey is to be found. */
export function printReady(url: string): void {
  terminal().stdout(`Latchkey is ready: ${escapeControls(url)}\n`);
}

/** Prints a failure of a start or a command: what an operator can mend as it is, a stack trace for anything else. */
export function printFailure(error: unknown): void {
  const text =
    error instanceof StartError
      ? error.message
      : redactText(error instanceof Error ? (error.stack ?? error.message) : String(error));
  terminal().stderr(human(text));
}
