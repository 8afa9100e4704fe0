import { StartError } from "./terminal";
import type { CommandName } from "./words";

/**
 * What a command ends with. 0: done. 1: failed, or a problem was found. 2: wrong use, nothing was begun. 3: refused,
 * nothing was changed. A command may have further ones, which its help names.
 */
export type ExitCode = number;

/** A command was called in a way it cannot be: exit code 2, with the line how to learn more. */
export class UsageError extends StartError {
  override name = "UsageError";
  override readonly exitCode = 2;
}

/** Something stands in the way, and nothing was changed: a place that is not empty, the wrong secret. Exit code 3. */
export class Refusal extends StartError {
  override name = "Refusal";
  override readonly exitCode = 3;
}

/** An option, as `--its-name` or `--its-name=VALUE`. Its words are in the catalogue. */
interface CommandOption {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands for its value in the help, such as `FILE`. */
  readonly value?: string;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

type Value<Option extends CommandOption> = Option["type"] extends "boolean" ? boolean : string;

/** What was given, by option; an option that was left out is undefined. */
type GivenOptions<Options extends CommandOptions> = {
  readonly [Name in keyof Options]?:
    | (Options[Name]["multiple"] extends true ? readonly Value<Options[Name]>[] : Value<Options[Name]>)
    | undefined;
};

/** What a command gets to work with. */
export interface CommandContext<Options extends CommandOptions = CommandOptions> {
  readonly options: GivenOptions<Options>;
  /** What was given besides options, in order. */
  readonly operands: readonly string[];
  /** Whether one JSON document was asked for. */
  readonly json: boolean;
  /** Tells the person at the terminal how it goes: standard output, or standard error beside JSON. */
  progress(text: string): void;
  /** Tells the result: `text`, or, where JSON was asked for, `value` as one document. Once at most. */
  result(value: object, text: string): void;
  /**
   * A secret from where `Command.secrets` says; undefined where none was given.
   *
   * @throws UsageError for a file that cannot be read or is empty
   */
  secret(name: string): Promise<string | undefined>;
}

/**
 * One command of `latchkey`. A module exports it as `command`; server/latchkey.ts lists the modules. What it does and
 * what its options mean is said in lib/i18n/messages/en/command.json, under its name.
 */
export interface Command<Options extends CommandOptions = CommandOptions> {
  readonly name: CommandName;
  readonly options: Options;
  /** What stands for operands in the help, such as `FILE` or `[FILE]`; undefined: it takes none. */
  readonly operands?: string;
  /** Whether it knows `--json`. */
  readonly json?: boolean;
  /**
   * Secrets that it takes, each from the file of the option `--NAME-file` (`-`: standard input) or from that
   * environment variable. `--NAME` itself is refused: every user of a machine can read arguments.
   */
  readonly secrets?: Readonly<Record<string, { readonly environment: string }>>;
  /** undefined: it goes on until the process is told to stop. */
  run(context: CommandContext<Options>): Promise<ExitCode | undefined>;
}

/** Declares a command, so that the compiler knows the options within `run`. */
export function defineCommand<const Options extends CommandOptions>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
