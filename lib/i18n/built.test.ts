import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import { catalogues } from "./catalogue";

/** All sentences, by their keys. */
function sentencesOf(part: unknown, key = ""): [string, string][] {
  if (typeof part === "string") return [[key, part]];
  return Object.entries(part as object).flatMap(([name, inner]) => sentencesOf(inner, `${key}.${name}`));
}

// Sentences are parsed when pages are built, and what formats them there knows no named style: `percent` would be
// written as 0.6. It is to be said as a skeleton, `::percent`.
test("no sentence names a style of a number, date or time", () => {
  const named = sentencesOf(catalogues).filter(([, sentence]) =>
    /,\s*(?:number|date|time)\s*,(?!\s*::)/.test(sentence),
  );
  expect(named).toEqual([]);
});

test("a share is a percentage", () => {
  const t = createTranslator({ locale: "en", messages: catalogues.en, namespace: "preflight" });
  expect(t("share", { share: 0.6 })).toBe("60%");
});
