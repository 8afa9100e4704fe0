import type { Command } from "./command";
import { optionsOf } from "./command-line";
import { type CommandName, words } from "./words";

const width = 100;

/** Breaks a paragraph into lines, each after an indent. */
function wrapped(text: string, indent = ""): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (indent.length + line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => indent + line).join("\n");
}

/** Rows of two columns; each line of the second is wrapped below its beginning. */
export function columns(rows: readonly (readonly [left: string, right: string])[]): string {
  const left = Math.max(...rows.map(([text]) => text.length)) + 4;
  return rows
    .map(([name, text]) => {
      const lines = text.split("\n").map((line) => wrapped(line, " ".repeat(left)));
      return `  ${name.padEnd(left - 2)}${lines.join("\n").trimStart()}`;
    })
    .join("\n");
}

const indented = (text: string) =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");

/** What stands for values: `[EMAIL]` in the reader's language. What is not in capitals is to be typed as it is. */
function placeholders(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (name) => words(`help.value.${name as "FILE"}`));
}

/** Words that not every command has. The compiler cannot know which; a test reads the help of every command. */
function optional(name: CommandName, part: string): string | undefined {
  const key = `commands.${name}.${part}`;
  return words.has(key as "commands.start.text") ? words(key as "commands.start.text") : undefined;
}

const exitCodes = ["0", "1", "2", "3"] as const;

/** What `latchkey --help` says. */
export function overview(names: readonly CommandName[]): string {
  return [
    words("help.lede"),
    `${words("help.usage")}\n  latchkey ${words("help.command")} [${words("help.options")}]`,
    `${words("help.commands")}\n${columns(names.map((name) => [name, words(`commands.${name}.summary`)]))}`,
    `${words("help.exitCodes")}\n${columns(exitCodes.map((code) => [code, words(`exit.${code}`)]))}`,
    words("help.more"),
  ].join("\n\n");
}

/** What `latchkey help NAME` says. */
export function commandHelp(command: Command): string {
  const { name, operands } = command;
  const options = Object.entries(optionsOf(command)).map(([option, { short, value }]): [string, string] => [
    `${short ? `-${short}, ` : ""}--${option}${value ? `=${placeholders(value)}` : ""}`,
    optional(name, `options.${option}`) ??
      (option.endsWith("-file")
        ? words("help.secretFile", {
            variable: command.secrets?.[option.slice(0, -"-file".length)]?.environment ?? "",
          })
        : words(option === "json" ? "help.json" : "help.help")),
  ]);
  const codes = new Set([...exitCodes, "4"]);
  const ends = [...codes].flatMap((code): [string, string][] => {
    const meaning = optional(name, `exit.${code}`);
    if (meaning !== undefined) return [[code, meaning]];
    return code === "4" ? [] : [[code, words(`exit.${code as "0"}`)]];
  });
  const examples = optional(name, "examples");
  return [
    words(`commands.${name}.summary`),
    `${words("help.usage")}\n  latchkey ${[name, operands && placeholders(operands)].filter(Boolean).join(" ")} [${words("help.options")}]`,
    wrapped(words(`commands.${name}.text`)),
    `${words("help.optionsTitle")}\n${columns(options)}`,
    examples === undefined ? undefined : `${words("help.examples")}\n${indented(examples)}`,
    `${words("help.exitCodes")}\n${columns(ends)}`,
  ]
    .filter((part) => part !== undefined)
    .join("\n\n");
}
