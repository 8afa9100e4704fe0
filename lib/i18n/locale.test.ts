import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownTimeZone } from "@/lib/domain/preferences";
import { negotiateLocale } from "./locale";

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

describe("knownTimeZone", () => {
  it.each([
    ["America/Sao_Paulo", "America/Sao_Paulo"],
    ["Asia/Calcutta", "Asia/Calcutta"],
    ["Mars/Base", "UTC"],
    ["", "UTC"],
    [undefined, "UTC"],
    ["x".repeat(100), "UTC"],
  ])("reads %j as %s", (name, zone) => {
    expect(knownTimeZone(name)).toBe(zone);
  });
});
