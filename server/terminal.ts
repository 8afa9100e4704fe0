import type { Told } from "@/lib/domain/told";
import { terminal } from "@/lib/log/printed";
import { escapeControls, redactText } from "@/lib/log/safe-text";
import { wordsOf } from "./words";

/**
 * A process that cannot start for a reason its operator can mend; the message says what to do, in the language of this
 * terminal.
 */
export class StartError extends Error {
  override name = "StartError";
  /** What the process ends with. */
  readonly exitCode: number = 1;
  /** The sentence, for whoever tells it somewhere else. */
  readonly told: Told | undefined;

  /** @param said by `failure`, or in words of the catalogue already */
  constructor(said: Told | string, options?: ErrorOptions) {
    super(typeof said === "string" ? said : wordsOf(said), options);
    this.told = typeof said === "string" ? undefined : said;
  }
}

/** True for what an operator can mend. Commands are bundled apart, so `instanceof` would not know another's errors. */
export function isStartError(error: unknown): error is StartError {
  return error instanceof Error && "exitCode" in error && typeof error.exitCode === "number";
}

/** What an operator can mend, for a finding, which is read in other languages too. */
export function reasonOf(error: StartError): Told | string {
  return error.told ?? error.message;
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

/** Prints how a command goes: on standard error where standard output is one JSON document. */
export function printProgress(text: string, json: boolean): void {
  const { stdout, stderr } = terminal();
  (json ? stderr : stdout)(human(text));
}

/** Prints the result of a command as it is; nothing in it steers the terminal. */
export function printPlain(text: string, to: "stdout" | "stderr" = "stdout"): void {
  terminal()[to](`${text.split("\n").map(escapeControls).join("\n")}\n`);
}

/** Prints the one line that programs wait for: where Latchkey is to be found. */
export function printReady(url: string): void {
  terminal().stdout(`Latchkey is ready: ${escapeControls(url)}\n`);
}

/** Prints a failure of a start or a command: what an operator can mend as it is, a stack trace for anything else. */
export function printFailure(error: unknown): void {
  const text = isStartError(error)
    ? error.message
    : redactText(error instanceof Error ? (error.stack ?? error.message) : String(error));
  terminal().stderr(human(text));
}
