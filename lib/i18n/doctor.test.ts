import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { checkOutcomes } from "@/lib/domain/doctor";
import { catalogues } from "./catalogue";

describe("the words of the checks", () => {
  const { checks } = catalogues.en.doctor;

  it("are there for every outcome and for nothing else, with a fix wherever something is to be mended", () => {
    const expected = Object.entries(checkOutcomes).map(([check, outcomes]) => [
      check,
      ["title", ...Object.keys(outcomes)].sort(),
    ]);
    expect(Object.entries(checks).map(([check, words]) => [check, Object.keys(words).sort()])).toEqual(
      expected,
    );
    for (const [check, outcomes] of Object.entries(checkOutcomes)) {
      const words: Readonly<Record<string, unknown>> = checks[check as keyof typeof checks];
      for (const [outcome, state] of Object.entries(outcomes)) {
        const parts = state === "ok" ? ["text"] : ["text", "fix"];
        expect([check, outcome, Object.keys(words[outcome] as object)]).toEqual([check, outcome, parts]);
      }
    }
  });

  it("name only what is there to be named", () => {
    const t = createTranslator({ locale: "en", messages: catalogues.en, namespace: "doctor" });
    const values = { name: "node", ids: "CVE-1", version: "1.0" };
    expect(t("checks.versions.affected.fix", { ...values, fixed: "1.1" })).toBe(
      "Update node to 1.1 or newer.",
    );
  });
});
