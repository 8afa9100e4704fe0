#!/usr/bin/env node
import "./output.js";
import { type Command, type ExitCode, UsageError } from "./command";
import { commandHelp, overview } from "./command-help";
import { contextOf, readArguments } from "./command-line";
import { ownVersion } from "./folders";
import { nearest } from "./nearest";
import { isSupportedLine, supportedNode } from "./setup/runtime.mjs";
import { isStartError, printFailure, printPlain, StartError } from "./terminal";
import { type CommandName, words } from "./words";

// The command line of whoever runs the server. It needs nothing but the built files: the npm scripts set a clone up
// first, and then run this.

/** Starts a program that takes this process over. Its settings are environment variables. */
const program = (name: CommandName, start: () => Promise<unknown>): Command => ({
  name,
  options: {},
  async run() {
    process.argv.splice(2);
    await start();
    return undefined;
  },
});

/** All commands, in the order of the help. Each is loaded when it is called. */
const commands: Readonly<Partial<Record<CommandName, () => Command | Promise<Command>>>> = {
  start: () => program("start", () => import("./start.js")),
  gate: () => program("gate", () => import("./gate.js")),
  dashboard: () => program("dashboard", () => import("./dashboard.js")),
  migrate: async () => (await import("./migrate.js")).command,
  backup: async () => (await import("./backup.js")).command,
  restore: async () => (await import("./restore.js")).command,
  "rotate-secret": async () => (await import("./rotate-secret.js")).command,
  "move-database": async () => (await import("./move-database.js")).command,
  doctor: async () => (await import("./doctor.js")).command,
  "end-sessions": async () => (await import("./operate.js")).endSessions,
  "reset-two-step": async () => (await import("./operate.js")).resetTwoStep,
  "audit-verify": async () => (await import("./audit-verify.js")).command,
};

const names = Object.keys(commands) as CommandName[];

/** @throws UsageError for a name that no command has */
async function commandNamed(given: string): Promise<Command> {
  const load = names.includes(given as CommandName) ? commands[given as CommandName] : undefined;
  if (load) return load();
  const meant = nearest(given, names);
  throw new UsageError(
    meant ? words("error.nearCommand", { given, meant }) : words("error.unknownCommand", { given }),
  );
}

async function run([name, ...args]: readonly string[]): Promise<ExitCode | undefined> {
  if (name === undefined || ["help", "--help", "-h"].includes(name)) {
    const [about] = args;
    printPlain(about === undefined ? overview(names) : commandHelp(await commandNamed(about)));
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-V") {
    printPlain(ownVersion());
    return 0;
  }
  // What is loaded next would fail with a stack trace.
  const { node } = process.versions;
  if (!isSupportedLine(node))
    throw new StartError(words("error.oldNode", { node, supported: supportedNode }));
  const command = await commandNamed(name);
  const given = readArguments(command, args);
  if (given.options.help) {
    printPlain(commandHelp(command));
    return 0;
  }
  return command.run(contextOf(command, given));
}

/** Where one learns more. */
const helpLine = (name = "") =>
  names.includes(name as CommandName) ? words("error.more", { name }) : words("error.moreOfAll");

/** A fault of Latchkey's own. */
const internalError = 70;
const wrongUse = 2;

const args = process.argv.slice(2);
try {
  const code = await run(args);
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  printFailure(error);
  const code = isStartError(error) ? error.exitCode : internalError;
  if (code === wrongUse) printPlain(helpLine(args[0]), "stderr");
  if (args.includes("--json") && isStartError(error)) printPlain(JSON.stringify({ error: error.message }));
  process.exitCode = code;
}
