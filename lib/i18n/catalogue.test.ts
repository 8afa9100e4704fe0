import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { languages } from "@/lib/domain/preferences";
import { catalogues } from "./catalogue";

type Tree = { readonly [key: string]: string | Tree };

/**
 * What a message takes: values, tags, and the cases that it tells apart; words of branches are none.
 *
 * @throws SyntaxError for what is no ICU message: a tag that stays open, a plural without `other`
 */
function taken(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    // Within a select, the sign stands for itself, whatever plural is around it.
    if (element.type === TYPE.literal) return element.value.includes("#") ? ["#"] : [];
    if (element.type === TYPE.pound) return [];
    if (element.type === TYPE.tag) return [`<${element.value}>`, ...taken(element.children)];
    const branches = "options" in element ? Object.values(element.options) : [];
    const cases = element.type === TYPE.select ? [Object.keys(element.options).sort().join("|")] : [];
    return [element.value, ...cases, ...branches.flatMap(({ value }) => taken(value))];
  });
}

const takes = (message: string) => [...new Set(taken(parse(message)))].sort().join(" ");

const messagesOf = (tree: Tree, path: readonly string[] = []): (readonly [key: string, message: string])[] =>
  Object.entries(tree).flatMap(([key, value]) => {
    const whole = [...path, key];
    return typeof value === "string" ? [[whole.join("."), value] as const] : messagesOf(value, whole);
  });

const folder = (language: string) => join(import.meta.dirname, "messages", language);

/** The files of a language, each with its messages. */
function filesOf(language: string): Map<string, Map<string, string>> {
  const names = readdirSync(folder(language)).filter((name) => name.endsWith(".json"));
  const read = (name: string): Tree => JSON.parse(readFileSync(join(folder(language), name), "utf8"));
  return new Map(names.sort().map((name) => [name, new Map(messagesOf(read(name)))]));
}

/** What a translation lacks or has too much of, or takes other values for than English does: by file and key. */
function differences(language: string, others = filesOf(language)): string[] {
  const english = filesOf("en");
  return [...new Set([...english.keys(), ...others.keys()])].flatMap((file) => {
    const [ours, theirs] = [english.get(file) ?? new Map(), others.get(file) ?? new Map()];
    return [...new Set<string>([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
      const [message, translation] = [ours.get(key), theirs.get(key)];
      const where = `${language}/${file} ${key}`;
      if (message === undefined) return [`${where}: is in no other language`];
      if (translation === undefined) return [`${where}: is missing`];
      const [wanted, got] = [takes(message), takes(translation)];
      return wanted === got ? [] : [`${where}: takes "${got}" instead of "${wanted}"`];
    });
  });
}

/** Names, and words that are the same in another language. Anything else that equals English was left in it. */
const alike: ReadonlySet<string> = new Set([
  ...["Latchkey", "English", "Português (Brasil)", "Español", "JavaScript", "Python", "PHP", "curl", "n8n"],
  ...["JSON Lines", "JSON", "CSV", "Hash", "ID", "Token", "Upstream", "Upstream:", "Endpoint", "Endpoints"],
  ...["General", "Variable", "no", "{name} ({size} KB)"],
]);

/** Addresses, paths, and lines that one types into a terminal have no language. */
const isCode = (message: string) =>
  message.split("\n").every((line) => /^(?:https?:\/|\/|(?:\w+=\S+ )*latchkey [a-z-]+(?: |$))/.test(line));

/** What is left of a message without its values and tags. */
const wordsOf = (message: string) => message.replaceAll(/\{[^{}]*\}|<[^<>]*>/g, "");

const translations = languages.filter((language) => language !== "en");

describe.each(translations)("the translation %s", (language) => {
  const files = filesOf(language);
  const english = filesOf("en");

  it("has every message, with the same values, tags and cases, and no other", () => {
    expect(differences(language, files)).toEqual([]);
  });

  it("leaves nothing in English", () => {
    const left = [...files].flatMap(([file, messages]) =>
      [...messages].flatMap(([key, message]) => {
        const isWord = /\p{L}/u.test(wordsOf(message)) && !alike.has(message) && !isCode(message);
        return isWord && message === english.get(file)?.get(key)
          ? [`${language}/${file} ${key}: ${message}`]
          : [];
      }),
    );
    expect(left).toEqual([]);
  });

  it("tells plurals apart as the language does", () => {
    const rules = new Intl.PluralRules(language);
    const categories = new Set<string>(rules.resolvedOptions().pluralCategories);
    // Where 0 goes with 1, what is said of one alone must not be said of none.
    const noneIsOne = rules.select(0) === "one";
    const wrong = (elements: readonly MessageFormatElement[]): boolean =>
      elements.some((element) => {
        if (element.type === TYPE.tag) return wrong(element.children);
        if (element.type !== TYPE.plural && element.type !== TYPE.select) return false;
        const branches = Object.entries(element.options);
        if (branches.some(([, { value }]) => wrong(value))) return true;
        if (element.type === TYPE.select) return false;
        const unknown = branches.some(([name]) => !name.startsWith("=") && !categories.has(name));
        const one = element.options.one?.value;
        const counts = one && JSON.stringify(one).match(`"type":${TYPE.pound}\\b|"value":"${element.value}"`);
        return unknown || (noneIsOne && one !== undefined && !counts && !("=0" in element.options));
      });
    const found = [...files].flatMap(([file, messages]) =>
      [...messages]
        .filter(([, message]) => wrong(parse(message)))
        .map(([key, message]) => `${file} ${key}: ${message}`),
    );
    expect(found).toEqual([]);
  });
});

describe("a catalogue", () => {
  it.each(languages)("in %s has each of its files", (language) => {
    const merged = messagesOf(catalogues[language]).map(([, message]) => message);
    const filed = [...filesOf(language).values()].flatMap((messages) => [...messages.values()]);
    expect(merged.sort()).toEqual(filed.sort());
  });

  it("with a message that is missing, new, or about something else would be found out by its file and key", () => {
    const files = filesOf("en");
    const common = new Map(files.get("common.json"));
    common.delete("app");
    common.set("more", "More");
    const auth = new Map(files.get("auth.json"));
    auth.set("register.login", "Have an account? {link}");
    const broken = new Map([...files, ["common.json", common], ["auth.json", auth]] as const);
    expect(differences("en", broken).sort()).toEqual([
      'en/auth.json register.login: takes "link" instead of "<link>"',
      "en/common.json app: is missing",
      "en/common.json more: is in no other language",
    ]);
  });

  it("takes other words in a branch, but no other cases, and no message that cannot be read", () => {
    expect(takes("{n, plural, one {Passwort} other {# Wörter}}")).toBe(takes("{n, plural, other {{n}}}"));
    expect(takes("{n, select, a {x} other {y}}")).not.toBe(takes("{n, select, other {y}}"));
    for (const text of ["<b>Latchkey", "{n, plural, one {x}}", "{n"]) expect(() => takes(text)).toThrow();
  });
});

// Messages are parsed when pages are built, and what formats them there knows no named style: `percent` would be
// written as 0.6. It is to be said as a skeleton, `::percent`.
it("no message names a style of a number, date or time", () => {
  expect(JSON.stringify(catalogues)).not.toMatch(/,\s*(?:number|date|time)\s*,(?!\s*::)/);
});

it.each([
  ["en", "60%"],
  ["pt-BR", "60%"],
  ["es", "60\u00a0%"],
] as const)("a share is a percentage in %s", (language, share) => {
  const t = createTranslator({ locale: language, messages: catalogues[language], namespace: "preflight" });
  expect(t("share", { share: 0.6 })).toBe(share);
});
