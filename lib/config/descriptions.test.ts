import { expect, test } from "vitest";
import { parseConfig, settingDefaults } from "../config";
import { type SettingDescription, settingGroups } from "./descriptions";

const groups = settingGroups.map(({ title, settings }) => ({ title, settings: Object.entries(settings) }));
const all = groups.flatMap(({ settings }) => settings);

const exampleOf = (name: string, { example }: SettingDescription) =>
  example ?? settingDefaults.get(name) ?? "";

/** Lines of at most 110 characters behind `# `. */
function comment(text: string): string {
  const lines = [""];
  for (const word of text.replaceAll("`", "").split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length > 106) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join("\n");
}

const withUnit = ({ what, unit }: SettingDescription) => (unit ? `${what.slice(0, -1)}, in ${unit}.` : what);

const envExample = `# Every setting of Latchkey. All are optional; copy this file to .env and uncomment what you change.
# Variables that are set in the environment win over .env, and an empty one counts as not set.

${groups
  .map(({ title, settings }) => {
    const lines = settings.map(
      ([name, setting]) => `${comment(withUnit(setting))}\n# ${name}=${exampleOf(name, setting)}`,
    );
    return `# ---- ${title} ----\n\n${lines.join("\n\n")}\n`;
  })
  .join("\n")}`;

function row([name, setting]: [string, SettingDescription]): string {
  const value = settingDefaults.get(name);
  const preset = setting.unset ?? `\`${value}\`${setting.unit ? ` ${setting.unit}` : ""}`;
  const unit = setting.unset && setting.unit ? ` (${setting.unit})` : "";
  const example = setting.example ? `\`${setting.example}\`` : value === null ? "" : `\`${value}\``;
  return `| \`${name}\` | ${setting.what} | ${preset}${unit} | ${example} | ${setting.readBy.join(", ")} |`;
}

const reference = `# Configuration

All settings are optional. They are environment variables, or lines of a file \`.env\` in the clone; the environment wins. In
Compose, a variable reaches Latchkey when it stands under \`environment\` of its service. An empty one counts as not set. A wrong
value stops the start with a line that says what to give instead. \`latchkey doctor\` tells each with where it came from.

*Read by* says which process has to be restarted after a change: \`start\` is \`npm start\`, which starts gate and dashboard;
\`commands\` are the [others of the command line](command-line.md). [.env.example](../../.env.example) has the same list to copy.

This page is written from \`lib/config/descriptions.ts\` by the test beside it, which fails when the two differ
(\`npx vitest run --project unit lib/config/descriptions.test.ts -u\` writes it anew).
${groups
  .map(
    ({ title, settings }) => `
## ${title}

| variable | what it does | without it | example | read by |
| --- | --- | --- | --- | --- |
${settings.map(row).join("\n")}
`,
  )
  .join("")}`;

test("every setting of the schema is described once, and none that there is not", () => {
  expect(all.map(([name]) => name).sort()).toEqual([...settingDefaults.keys()].sort());
});

test("what counts without a setting is said where the schema has no value for it, and only there", () => {
  const unsaid = all.filter(
    ([name, { unset }]) => (settingDefaults.get(name) === null) !== (unset !== undefined),
  );
  expect(unsaid.map(([name]) => name)).toEqual([]);
});

test("the examples work", () => {
  const examples = Object.fromEntries(all.map(([name, setting]) => [name, exampleOf(name, setting)]));
  expect(() => parseConfig(examples)).not.toThrow();
});

test("docs/reference/configuration.md and .env.example say what the descriptions say", async () => {
  await expect(reference).toMatchFileSnapshot("../../docs/reference/configuration.md");
  await expect(envExample).toMatchFileSnapshot("../../.env.example");
});
