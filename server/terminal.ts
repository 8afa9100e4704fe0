import { StartError } from "./start-error";

/** Prints one line for the person at the terminal. */
export function tell(line: string): void {
  process.stdout.write(`Latchkey: ${line}\n`);
}

/** Prints a failure: one clear line for what an operator can mend, a stack trace for anything else. */
export function tellFailure(error: unknown): void {
  const text =
    error instanceof StartError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`Latchkey: ${text}\n`);
}
