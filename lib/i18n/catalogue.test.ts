import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { catalogues } from "./catalogue";

type Tree = { readonly [key: string]: string | Tree };

/** The values and tags that a sentence takes; words of branches are none. */
function taken(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.tag) return [`<${element.value}>`, ...taken(element.children)];
    const branches = "options" in element ? Object.values(element.options) : [];
    return [element.value, ...branches.flatMap(({ value }) => taken(value))];
  });
}

/**
 * Every sentence by its whole key, with the values and tags that it takes.
 *
 * @throws SyntaxError for what is no ICU message: a tag that stays open, a plural without `other`
 */
function sentences(tree: Tree, path: readonly string[] = []): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) => {
      const whole = [...path, key];
      if (typeof value !== "string") return [...sentences(value, whole)];
      return [[whole.join("."), [...new Set(taken(parse(value)))].sort().join(" ")] as const];
    }),
  );
}

/** What another catalogue lacks, has too much of, or takes other values for. */
function differences(other: Tree): string[] {
  const [ours, theirs] = [sentences(catalogues.en), sentences(other)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((key) => ours.get(key) !== theirs.get(key));
}

describe("a catalogue", () => {
  it.each(Object.entries(catalogues))(
    "in %s has every sentence, with the same values and tags",
    (_, messages) => {
      expect(differences(messages)).toEqual([]);
    },
  );

  it.each(Object.keys(catalogues))("in %s has a folder with every area", (language) => {
    const areas = (of: string) => readdirSync(join(import.meta.dirname, "messages", of)).sort();
    expect(areas(language)).toEqual(areas("en"));
  });

  it("with a sentence that is missing, new, or about something else would be found out", () => {
    const { app: _missing, ...common } = catalogues.en.common;
    const register = { ...catalogues.en.auth.register, login: "Have an account? {link}" };
    const auth = { ...catalogues.en.auth, register };
    const broken = { ...catalogues.en, common: { ...common, more: "More" }, auth };
    expect(differences(broken).sort()).toEqual(["auth.register.login", "common.app", "common.more"]);
  });

  it("takes other words in a branch, and no sentence that cannot be read", () => {
    const { app } = catalogues.en.common;
    const values = (text: string) => sentences({ ...catalogues.en.common, app: text }).get("app");
    expect(values("{n, plural, one {Passwort} other {# Wörter}}")).toBe(values("{n, plural, other {{n}}}"));
    for (const text of [`<b>${app}`, "{n, plural, one {x}}", "{n"]) expect(() => values(text)).toThrow();
  });
});

// Sentences are parsed when pages are built, and what formats them there knows no named style: `percent` would be
// written as 0.6. It is to be said as a skeleton, `::percent`.
it("no sentence names a style of a number, date or time", () => {
  expect(JSON.stringify(catalogues)).not.toMatch(/,\s*(?:number|date|time)\s*,(?!\s*::)/);
});

it("a share is a percentage", () => {
  const t = createTranslator({ locale: "en", messages: catalogues.en, namespace: "preflight" });
  expect(t("share", { share: 0.6 })).toBe("60%");
});
