import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogues, negotiateLocale } from "./catalogue";

type Tree = { readonly [key: string]: string | Tree };

/** Every sentence by its whole key, with the values and tags that it takes. */
function sentences(tree: Tree, path: readonly string[] = []): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) => {
      const whole = [...path, key];
      if (typeof value !== "string") return [...sentences(value, whole)];
      const taken = [...value.matchAll(/\{\s*(\w+)\s*[,}]|<(\w+)>/g)].map(
        ([, name, tag]) => name ?? `<${tag}>`,
      );
      return [[whole.join("."), [...new Set(taken)].sort().join(" ")] as const];
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
});

describe("negotiateLocale", () => {
  it.each([
    [null, "en"],
    ["", "en"],
    ["*", "en"],
    ["en-GB,en;q=0.9", "en-GB"],
    ["pt-BR,pt;q=0.9,en-AU;q=0.8,en;q=0.7", "en-AU"],
    ["en;q=0.5, en-IN;q=0.9", "en-IN"],
    ["en-US;q=0", "en"],
    ["en-Latn-GB-u-ca-buddhist", "en-GB"],
    ["xx-not a tag, <script>", "en"],
  ])("reads %j as %s", (header, locale) => {
    expect(negotiateLocale(header)).toEqual({ locale, language: "en" });
  });

  it("answers with a locale that can format, whatever was sent", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(() => new Intl.DateTimeFormat(negotiateLocale(header).locale)).not.toThrow();
      }),
    );
  });
});
