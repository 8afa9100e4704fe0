import pino, { type Logger } from "pino";
import { config } from "@/lib/config";
import { escapeControls, redactLine } from "./safe-text";

/** Who writes; `process` is whatever else runs in it: Next.js, libraries, Node.js. */
type LogName = "gate" | "dashboard" | "keeper" | "mail" | "process";

/**
 * Past `process.stdout`, which makes lines of whatever is written to it; pino would notice and use that. Where a command
 * gives one JSON document there, standard error.
 */
const standardOutput = () => pino.destination({ dest: process.argv.includes("--json") ? 2 : 1, sync: true });

/** The end of a line of pino is its only line break. */
const oneLine = (line: string) => `${escapeControls(line.slice(0, -1))}\n`;

const safeLine = (line: string) => oneLine(redactLine(line));

/** The log of one part of Latchkey: a line of JSON an event, without secrets. Level: `LOG_LEVEL`. */
export function createLog(name: LogName, level: string = config().logLevel): Logger {
  const options = { name, level, serializers: { err: describeError }, hooks: { streamWrite: safeLine } };
  return pino(options, standardOutput());
}

/** The log of the audit trail: as `createLog`, but what is chained stays to the value. */
export function createAuditLog(level: string): Logger {
  return pino({ name: "audit", level, hooks: { streamWrite: oneLine } }, standardOutput());
}

const framesMost = 20;

/**
 * What of an error is logged: its name, code and where it was thrown. Never its message: that quotes what was
 * sent, and database drivers hang rows and parameters on theirs.
 */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, digest } = error as Error & { code?: unknown; digest?: unknown };
  return {
    type: error.name,
    ...(typeof code === "string" && { code }),
    ...(typeof digest === "string" && /^[\w;@-]{1,64}$/.test(digest) && { digest }),
    frames: framesOf(error),
    ...(error.cause instanceof Error && { cause: describeCause(error.cause) }),
  };
}

function describeCause(cause: Error) {
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return { type: cause.name, code };
}

/** Lines of the stack that name code. A message may look like one, so what the message says is cut off first. */
function framesOf({ stack = "", message }: Error): string[] {
  const start = message === "" ? 0 : stack.indexOf(message) + message.length;
  if (message !== "" && !stack.includes(message)) return [];
  return stack
    .slice(start)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, framesMost);
}

/**
 * Bounds how many lines are written a second, so that a flood of rejections makes no flood of writing.
 * What exceeds the budget is counted by its key and summed up in one call a second.
 */
export class LineBudget {
  readonly #perSecond: number;
  readonly #sumUp: (left: Readonly<Record<string, number>>) => void;
  readonly #left = new Map<string, number>();
  #used = 0;
  #second: NodeJS.Timeout | undefined;

  constructor(perSecond: number, sumUp: (left: Readonly<Record<string, number>>) => void) {
    this.#perSecond = perSecond;
    this.#sumUp = sumUp;
  }

  /** True when a line with this key may be written now. Keys come from a small fixed set. */
  take(key: string): boolean {
    this.#second ??= setTimeout(() => this.#turn(), 1000).unref();
    if (this.#used < this.#perSecond) {
      this.#used++;
      return true;
    }
    this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
    return false;
  }

  #turn(): void {
    this.#second = undefined;
    this.#used = 0;
    if (this.#left.size === 0) return;
    const left = Object.fromEntries(this.#left);
    this.#left.clear();
    this.#sumUp(left);
  }
}
