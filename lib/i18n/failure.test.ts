import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { parseConfig, settingDefaults } from "@/lib/config";
import { ConfigError } from "@/lib/config/values";
import { languages } from "@/lib/domain/preferences";
import { inWords, type Told } from "@/lib/domain/told";
import { catalogues, type Messages } from "./catalogue";

/** A sentence in every language; what cannot be worded fails. */
function everywhere(told: Told): string[] {
  return languages.map((locale) => {
    const t = createTranslator({
      locale,
      messages: catalogues[locale],
      namespace: "failure",
      onError(error) {
        throw error;
      },
    });
    return inWords(told, (key, values) => t(key as "setting.line", values as never));
  });
}

const keysOf = (messages: Messages["failure"]["setting"]) => Object.keys(messages);

/** What a configuration is refused for, by what is wrong. */
function refusals(env: Record<string, string>): Map<string, Told> {
  try {
    parseConfig(env).secrets();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return new Map(
      error.problems.map((each) => {
        const { problem } = each.values;
        return [typeof problem === "object" && "key" in problem ? problem.key : "", each];
      }),
    );
  }
  return new Map();
}

/** Values that a variable may have and others refuse, each of another kind. */
const values = [
  ...[
    "x",
    "-1",
    "1.5",
    "1e9",
    "a b",
    " ",
    "x".repeat(41),
    "/nowhere",
    "latchkey.example.com:1",
    "gate.localhost",
    "2999-01-01",
  ],
  ...["http://id.example.com", "https://id.example.com/?x", import.meta.filename, "/dev/null"],
];

const url = "http://localhost:3000";
const together: readonly Record<string, string>[] = [
  { LATCHKEY_URL: url, LATCHKEY_GATE_URL: "http://localhost:4000" },
  { LATCHKEY_GATE_URL: "http://localhost:4000" },
  { SMTP_URL: "smtp://mail.example.com" },
  { OIDC_NAME: "Example" },
  { SECURITY_POLICY: "https://example.com" },
];

const refused = new Map(
  [
    ...together,
    ...[...settingDefaults.keys()].flatMap((name) => values.map((value) => ({ [name]: value }))),
  ].flatMap((env) => [...refusals(env)]),
);

describe("what is wrong with a setting", () => {
  it("is told of every kind that there is, and of no other", () => {
    const told = keysOf(catalogues.en.failure.setting).map((key) => `setting.${key}`);
    // The line that all are told in, and what only processes with another start can lack.
    const others = ["setting.line", "setting.notSet"];
    expect([...refused.keys()].sort()).toEqual(told.filter((key) => !others.includes(key)).sort());
  });

  it.each([...refused.keys()])("is told in every language: %s", (key) => {
    const [english = "", ...translated] = everywhere(refused.get(key) ?? expect.fail());
    expect(english).toMatch(/^[A-Z_]+: /);
    for (const text of translated) {
      expect(text).not.toBe(english);
      expect(text.split(":")[0]).toBe(english.split(":")[0]);
    }
  });
});

it("a sentence is worded with the sentences that it names, each at its place, several one a line", () => {
  const words: Readonly<Record<string, string>> = { outer: "{a}|{b}|{c}", inner: "<{n}>" };
  const say = (key: string, values: Readonly<Record<string, string | number>>) =>
    (words[key] ?? "").replaceAll(/\{(\w)\}/g, (_, name: string) => String(values[name]));
  const inner = (n: number) => ({ key: "inner", values: { n } });
  expect(
    inWords({ key: "outer", values: { a: "as it is", b: inner(1), c: [inner(2), inner(3)] } }, say),
  ).toBe("as it is|<1>|<2>\n  <3>");
});
