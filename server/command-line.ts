import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { redactText } from "@/lib/log/safe-text";
import { type Command, type CommandContext, type CommandOptions, UsageError } from "./command";
import { nearest } from "./nearest";
import { codeOf, printPlain, printProgress } from "./terminal";
import { words } from "./words";

/** npm changes the folder; what was typed is meant from where it was typed. */
export function typedPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** Options of every command, beside its own. */
const common = {
  help: { type: "boolean", short: "h" },
} as const satisfies CommandOptions;

/** All options that a command takes, its own first. */
export function optionsOf({ options, secrets, json }: Command): CommandOptions {
  const files = Object.keys(secrets ?? {}).map(
    (name) => [`${name}-file`, { type: "string", value: "FILE" }] as const,
  );
  return {
    ...options,
    ...Object.fromEntries(files),
    ...(json && { json: { type: "boolean" } as const }),
    ...common,
  };
}

const secretName = /pass(?:word|phrase)|secret|credential|private-key|(?:^|-)token|(?:database|smtp)-url/;

/** @throws UsageError for an option that would have a secret among the arguments, with the ways there are instead */
function refuseSecretOption({ secrets = {} }: Command, name: string): void {
  const declared = secrets[name];
  if (declared) throw new UsageError(words("error.secretOption", { name, variable: declared.environment }));
  if (secretName.test(name)) throw new UsageError(words("error.secret"));
}

/** What was given to a command, checked against what it takes. */
interface Given {
  readonly options: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
}

/**
 * Reads the arguments of a command. A value is never repeated in what is said of it.
 *
 * @throws UsageError for an option that it does not take, one without its value or with one too many, operands where it
 *   takes none, and what looks like a secret
 */
export function readArguments(command: Command, args: readonly string[]): Given {
  const known = optionsOf(command);
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!option) {
      refuseSecretOption(command, token.name);
      const meant = nearest(token.name, Object.keys(known));
      const given = token.rawName;
      throw new UsageError(
        meant
          ? words("error.nearOption", { given, meant: `--${meant}` })
          : words("error.unknownOption", { given }),
      );
    }
    if (option.type === "boolean" && token.value !== undefined)
      throw new UsageError(words("error.needlessValue", { given: token.rawName }));
    if (option.type === "string" && !token.value)
      throw new UsageError(words("error.noValue", { given: token.rawName }));
  }
  if (args.some((arg) => redactText(arg) !== arg)) throw new UsageError(words("error.secret"));
  if (positionals.length > 0 && command.operands === undefined && !values.help)
    throw new UsageError(words("error.operands"));
  return { options: values, operands: positionals };
}

/** @throws UsageError for a file that cannot be read or begins with an empty line */
async function readSecret(file: string): Promise<string> {
  let text: string;
  try {
    text = file === "-" ? await readAll(process.stdin) : readFileSync(typedPath(file), "utf8");
  } catch (error) {
    throw new UsageError(words("error.unreadable", { file, code: codeOf(error) }));
  }
  const [secret = ""] = text.split(/\r?\n/, 1);
  if (secret === "") throw new UsageError(words("error.emptySecret", { file }));
  return secret;
}

/** What a command gets to work with. */
export function contextOf(command: Command, { options, operands }: Given): CommandContext {
  const json = options.json === true;
  return {
    options: options as CommandContext["options"],
    operands,
    json,
    progress: (text) => printProgress(text, json),
    result: (value, text) => printPlain(json ? JSON.stringify(value, null, 2) : text),
    async secret(name) {
      const file = options[`${name}-file`];
      if (typeof file === "string") return readSecret(file);
      return process.env[command.secrets?.[name]?.environment ?? ""] || undefined;
    },
  };
}
