import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import { createLog, LineBudget } from "./logger";
import { redactText } from "./safe-text";

const linesPerSecond = 100;
const longestText = 4000;

type Level = "debug" | "info" | "warn" | "error";

const consoleLevels = {
  debug: "debug",
  log: "info",
  info: "info",
  dir: "info",
  dirxml: "info",
  table: "info",
  trace: "warn",
  warn: "warn",
  error: "error",
} as const satisfies Readonly<Record<string, Level>>;

/** Writes to a stream as it was before. */
type Write = (text: string) => boolean;

/** The ways to the terminal that stay open for words of our own. */
interface Terminal {
  readonly stdout: Write;
  readonly stderr: Write;
}

/** A request that says it calls a server action. */
interface ActionAttempt {
  /** True once the action was reached: until then, whatever fails is what the request was made of. */
  reached: boolean;
}

// The server, its output and the pages are bundled apart; one process has one of each.
const shared = globalThis as typeof globalThis & {
  latchkeyTerminal?: Terminal;
  latchkeyActionAttempts?: AsyncLocalStorage<ActionAttempt>;
};

/** The terminal of this process, past everything that makes lines of the log. */
export function terminal(): Terminal {
  const { stdout, stderr } = process;
  return shared.latchkeyTerminal ?? { stdout: stdout.write.bind(stdout), stderr: stderr.write.bind(stderr) };
}

/** The attempt that the current work belongs to. */
export function actionAttempts(): AsyncLocalStorage<ActionAttempt> {
  shared.latchkeyActionAttempts ??= new AsyncLocalStorage();
  return shared.latchkeyActionAttempts;
}

/**
 * From now on, whatever this process prints is a line of the log: `console`, writes to standard output and standard
 * error, warnings of Node.js, and an exception that nobody catches, which then ends the process as before. No text of
 * anybody else can begin a line. Errors lose their messages, texts what is recognised as a secret; a hundred lines a
 * second are written, the rest is counted. While a request for a server action has not reached one, nothing is printed
 * of it: its sender wrote it, and whoever answers it tells.
 *
 * Beyond reach: what V8 writes itself when memory runs out, and programs that write to the file descriptor.
 */
export function captureOutput(): void {
  if (shared.latchkeyTerminal) return;
  shared.latchkeyTerminal = terminal();
  const log = createLog("process", levelOf(process.env.LOG_LEVEL));
  const budget = new LineBudget(linesPerSecond, (left) => log.warn({ left }, "lines left out"));

  const print = (level: Level, values: readonly unknown[]) => {
    const attempt = actionAttempts().getStore();
    // A file of settings may have been read since.
    log.level = levelOf(process.env.LOG_LEVEL);
    if ((attempt && !attempt.reached) || !log.isLevelEnabled(level)) return;
    const texts = values.filter((value) => !(value instanceof Error)).map(plain);
    const text = redactText(format(...texts).slice(0, longestText)).trim();
    const error = values.find((value) => value instanceof Error);
    if ((text === "" && !error) || !budget.take(level)) return;
    log[level]({ ...(text !== "" && { text }), ...(error && { err: error }) }, "printed");
  };

  const methods = Object.fromEntries(
    Object.entries(consoleLevels).map(([method, level]) => [
      method,
      (...values: unknown[]) => print(level, values),
    ]),
  );
  Object.assign(globalThis.console, methods);
  process.stdout.write = writer((text) => print("info", [text]));
  process.stderr.write = writer((text) => print("warn", [text]));
  process.removeAllListeners("warning");
  process.on("warning", (warning) => print("warn", [`${warning.name}`, warning]));
  process.on("uncaughtException", (error) => {
    // Whoever else listens tells of it and goes on, as without us.
    if (process.listenerCount("uncaughtException") > 1) return;
    log.fatal({ err: error }, "ended by an error that nobody caught");
    process.exit(1);
  });
}

/** An object is told by its kind: whoever prints it does not know what is in it. */
function plain(value: unknown): string {
  if (typeof value === "string") return value.slice(0, longestText);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[array]" : "[object]";
  if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
  return String(value);
}

/** The configuration may be what is wrong, so a level that is none is taken for the usual one here. */
function levelOf(level: string | undefined): string {
  return level && /^(fatal|error|warn|info|debug|trace|silent)$/.test(level) ? level : "info";
}

function writer(print: (text: string) => void): typeof process.stdout.write {
  return (chunk: string | Uint8Array, encodingOrDone?: unknown, done?: unknown) => {
    print(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    const call = typeof encodingOrDone === "function" ? encodingOrDone : done;
    if (typeof call === "function") process.nextTick(call);
    return true;
  };
}
