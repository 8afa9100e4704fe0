import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languages } from "@/lib/domain/preferences";
import { negotiateLocale } from "./negotiate";

describe("negotiateLocale", () => {
  it.each([
    [null, "en", "en"],
    ["", "en", "en"],
    ["*", "en", "en"],
    ["de", "en", "en"],
    ["xx-not a tag, <script>", "en", "en"],
    ["en-GB,en;q=0.9", "en", "en-GB"],
    ["en;q=0.5, en-IN;q=0.9", "en", "en-IN"],
    ["en-US;q=0", "en", "en"],
    ["en-Latn-GB-u-ca-buddhist", "en", "en-GB"],
    ["pt-BR,pt;q=0.9,en-AU;q=0.8,en;q=0.7", "pt-BR", "pt-BR"],
    ["de-AT, pt-PT;q=0.9, en;q=0.8", "pt-BR", "pt-BR"],
    ["PT", "pt-BR", "pt-BR"],
    ["por", "pt-BR", "pt-BR"],
    ["pt-BR;q=0, es;q=0.1", "es", "es"],
    ["es-419,es;q=0.9,en;q=0.5", "es", "es-419"],
    ["fr-FR, es-MX;q=0.5", "es", "es-MX"],
  ])("reads %j as %s, written as in %s", (header, language, locale) => {
    expect(negotiateLocale(header)).toEqual({ language, locale });
  });

  it("puts what was chosen first, and keeps the region that the reader's browser names for it", () => {
    expect(negotiateLocale("en-GB, pt-BR", "pt-BR")).toEqual({ language: "pt-BR", locale: "pt-BR" });
    expect(negotiateLocale("pt-BR, en-GB;q=0.5", "en")).toEqual({ language: "en", locale: "en-GB" });
    expect(negotiateLocale("en", "es")).toEqual({ language: "es", locale: "es" });
    expect(negotiateLocale(null, "es")).toEqual({ language: "es", locale: "es" });
  });

  it("answers with a language that there is and a locale that can format, whatever was sent", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const { language, locale } = negotiateLocale(header);
        expect(languages).toContain(language);
        expect(() => new Intl.DateTimeFormat(locale)).not.toThrow();
      }),
    );
  });
});
