import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTypedName, seenKey, seenText, shownName } from "./seen-text";

const invisible = [
  ...[
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u034f",
    "\u115f",
    "\u1160",
    "\u3164",
    "\uffa0",
  ],
  ...[
    "\u180e",
    "\u061c",
    "\u200e",
    "\u200f",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufe0f",
    "\ufe00",
    "\u{e0041}",
    "\u{e0001}",
  ],
  ...[
    "\u{e007f}",
    "\u{e0100}",
    "\u{1d173}",
    "\u{1bca0}",
    "\ufff9",
    "\ufffc",
    "\u{1d159}",
    "\u17b4",
    "\u206a",
  ],
];
const blank = [
  " ",
  "\u00a0",
  "\u2800",
  "\u3000",
  "\u2003",
  "\u1680",
  "\u2028",
  "\t",
  "\0",
  "\x85",
  "\ud800",
  "\udc00",
];
const hex = (text: string) => `U+${(text.codePointAt(0) ?? 0).toString(16)}`;
const anyText = fc.oneof(
  // Nearly as `unit: "binary"`, which takes seconds to begin.
  fc.string({ unit: fc.nat(0x10ffff).map(String.fromCodePoint) }),
  fc.string({
    unit: fc.constantFrom(
      ...invisible,
      ...blank,
      "a",
      "é",
      "e",
      "\u0301",
      "\u05b0",
      "👩",
      "🏴",
      "1",
      "\u20e3",
      "ک",
    ),
  }),
);

describe("a text that people see", () => {
  test.each([...invisible, ...blank].map((text) => [hex(text), text]))(
    "of nothing but %s is none",
    (_, text) => {
      expect(seenText(text)).toBe("");
      expect(seenText(text.repeat(5))).toBe("");
      expect(seenText(` ${text} ${text}`)).toBe("");
    },
  );

  test.each(invisible.map((text) => [hex(text), text]))(
    "is the same with and without %s in it",
    (_, text) => {
      expect(seenText(`al${text}pha`)).toBe("alpha");
      expect(seenText(`${text}alpha${text}`)).toBe("alpha");
    },
  );

  test.each(blank.map((text) => [hex(text), text]))("has a single space for %s", (_, text) => {
    expect(seenText(`al${text}${text}pha${text}`)).toBe("al pha");
  });

  test.each([
    ["a family", "👨‍👩‍👧"],
    ["a heart on fire", "❤️‍🔥"],
    ["a profession with a skin tone", "👩🏽‍🚀"],
    ["a keycap", "1️⃣"],
    ["the flag of Scotland", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
    ["a flag of two letters", "🇨🇭"],
    ["Persian with ZWNJ", "می‌خواهم"],
    ["Hindi with ZWJ after a virama", "क्‍ष"],
    ["Hebrew with points", "שָׁלוֹם"],
    ["Vietnamese", "Tiếng Việt"],
    ["Thai", "น้ำ"],
    ["Japanese", "パン屋"],
    ["Arabic", "مخبز"],
  ])("keeps %s as it is", (_, text) => {
    expect(seenText(text)).toBe(text.normalize("NFC"));
    expect(isTypedName(text, text)).toBe(true);
  });

  test("is NFC, and marks neither stand alone nor pile up", () => {
    expect(seenText("Cafe\u0301")).toBe("Café");
    expect(seenText("\u0301\u0302 a")).toBe("a");
    expect(seenText(`a${"\u0336\u0353".repeat(40)}b`)).toMatch(/^a\p{M}{1,4}b$/u);
  });

  test("is one line of visible characters whatever it was made of, and cleaning it again changes nothing", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const seen = seenText(text);
        expect(seenText(seen)).toBe(seen);
        expect(seen).toBe(seen.normalize("NFC").trim());
        expect(seen).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2800]|\p{M}{5}| {2}/u);
        if (seen !== "") expect(seen).toMatch(/[\p{L}\p{N}\p{P}\p{S}]/u);
        expect(seenKey(seen)).toBe(seenKey(text));
        expect(seenKey(text)).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a name that is typed to confirm", () => {
  test("is what is seen of the one that was kept, whatever is hidden in it", () => {
    fc.assert(fc.property(anyText, (name) => isTypedName(shownName(name), name)));
    expect(isTypedName(" alpha ", "al\u200bpha\u3164")).toBe(true);
    expect(isTypedName("میخواهم", "می‌خواهم")).toBe(true);
    expect(isTypedName("Alpha", "alpha")).toBe(false);
    expect(isTypedName("alph", "al\u200bpha")).toBe(false);
  });

  test("is shown as code points where nothing of it can be seen, and never confirmed by typing nothing", () => {
    expect(shownName("\u200b\u{e0041}")).toBe("U+200B U+E0041");
    expect(isTypedName("U+200B", "\u200b")).toBe(true);
    expect(isTypedName("", "\u200b")).toBe(false);
    expect(isTypedName("\u200b", "\u200b")).toBe(false);
  });
});
