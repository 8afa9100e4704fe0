import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { foldCase, JsonTextScanner } from "./json-text";

/** What is found in a body that comes in pieces of that many bytes. */
function found(body: Uint8Array, pointer: string, size = body.length || 1): string {
  const scanner = new JsonTextScanner(pointer);
  for (let at = 0; at < body.length; at += size) scanner.write(body.subarray(at, at + size));
  const said = scanner.end();
  return said.kind === "text" ? `= ${said.text}` : said.kind;
}

const at = (text: string, pointer = "/session", size?: number) =>
  found(new TextEncoder().encode(text), pointer, size);

describe("the text at a pointer", () => {
  test.each([
    ['{"session":"shop","text":"hi"}', "/session", "= shop"],
    ['{"text":"\\"session\\":\\"other\\"","session":"shop"}', "/session", "= shop"],
    ['{"a":{"session":"other"},"session":"shop"}', "/session", "= shop"],
    ['{"a":[{"session":"other"},"session"],"session":"shop"}', "/session", "= shop"],
    ['{"a":{"b":"shop"},"b":"other"}', "/a/b", "= shop"],
    ['{"a/b":"shop"}', "/a~1b", "= shop"],
    ['{"\\u0073ession":"shop"}', "/session", "= shop"],
    ['{"text":"hi"}', "/session", "none"],
    ['{"a":["shop"]}', "/a/0", "none"],
    ["[]", "/session", "none"],
    ["null", "/session", "none"],
    ['{"session":"shop","session":"other"}', "/session", "ambiguous"],
    ['{"session":"shop","Session":"other"}', "/session", "ambiguous"],
    ['{"session":"shop","\\u0053ESSION":"other"}', "/session", "ambiguous"],
    ['{"SESSION":"shop"}', "/session", "ambiguous"],
    ['{"session":"shop","session\\u0000x":"other"}', "/session", "ambiguous"],
    // Case folding of Unicode, by which Go's decoder finds members.
    ['{"session":"shop","\u017fession":"other"}', "/session", "ambiguous"],
    ['{"key":"shop","\u212aey":"other"}', "/key", "ambiguous"],
    ['{"a":{"b":"shop"},"a":{"b":"other"}}', "/a/b", "ambiguous"],
    ['{"session":["shop"]}', "/session", "ambiguous"],
    ['{"session":1}', "/session", "ambiguous"],
    ['{"session":null}', "/session", "ambiguous"],
    ['{"session":"shop"', "/session", "ambiguous"],
    ['\ufeff{"session":"shop"}', "/session", "ambiguous"],
    ["", "/session", "ambiguous"],
  ])("%s %s: %s", (text, pointer, expected) => {
    expect(at(text, pointer)).toBe(expected);
    for (const size of [1, 2, 3, 7]) expect(at(text, pointer, size)).toBe(expected);
  });

  test.each([
    ["a byte that no character begins with", [0xff]],
    ["a character cut off", [0xc3]],
    ["a character in more bytes than it needs", [0xc0, 0xaf]],
    ["one of three, in more than it needs", [0xe0, 0x80, 0xaf]],
    ["half of a pair of UTF-16", [0xed, 0xa0, 0x80]],
    ["a character beyond the last", [0xf4, 0x90, 0x80, 0x80]],
    ["a control character", [0x0a]],
    ["an escape that is none", [0x5c, 0x78]],
    ["an escape cut off", [0x5c, 0x75, 0x30, 0x30]],
    ["one of four, beyond its first byte", [0xf0, 0x80, 0x80, 0xaf]],
    ["a byte too many", [0xc3, 0xa9, 0xa9]],
  ])("is none of a body with %s", (_name, bytes) => {
    const around = (text: string) => [...new TextEncoder().encode(text)];
    const body = Uint8Array.from([...around('{"session":"shop","a":"'), ...bytes, ...around('"}')]);
    for (const size of [1, 2, 100]) expect(found(body, "/session", size)).toBe("ambiguous");
  });

  it("does not read what is nested deeper, or longer, than anybody needs", () => {
    const nested = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)},"session":"shop"}`;
    expect(at(nested(900))).toBe("= shop");
    for (const levels of [1000, 100_000]) expect(at(nested(levels))).toBe("ambiguous");
    expect(at(`{"session":"${"x".repeat(5000)}"}`)).toBe("ambiguous");
    expect(at(`{"${"x".repeat(5000)}":"${"x".repeat(5000)}","session":"shop"}`)).toBe("= shop");
  });

  it("knows what it cannot become any more, before the end", () => {
    const scanner = new JsonTextScanner("/session");
    scanner.write(new TextEncoder().encode('{"session":"shop","Session'));
    expect(scanner.failed).toBe(false);
    scanner.write(new TextEncoder().encode('"'));
    expect(scanner.failed).toBe(true);
  });

  it("takes for JSON what JSON.parse takes for it, wherever it is cut", () => {
    const alphabet = [
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "u0041",
      "a",
      "é",
      "1",
      "0",
      "-",
      ".",
      "e",
      "+",
    ];
    const part = fc.constantFrom(...alphabet, "true", "null", "nul", " ", "\n", '"a":', '"x",', "{}", "[]");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join("");
        const isJson = () => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        };
        expect([text, at(text, "/session", size) !== "ambiguous"]).toEqual([text, isJson()]);
      }),
      { numRuns: 1000 },
    );
  });

  it("is what JSON.parse finds, where it is there once", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 99 }),
        (rest, session, size) => {
          const body = JSON.stringify({ ...rest, session });
          const same = Object.keys(rest).some(
            (key) => key !== "session" && foldCase(key.split("\0", 1)[0] ?? "") === "session",
          );
          expect(at(body, "/session", size)).toBe(same ? "ambiguous" : `= ${session}`);
        },
      ),
    );
  });

  it("is ambiguous wherever a second one stands", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-r]*$/), fc.jsonValue()),
        fc.boolean(),
        (rest, first) => {
          const members = Object.entries(rest).map(
            ([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`,
          );
          const both = ['"session":"shop"', '"session":"other"'];
          const all = first ? [...both, ...members] : [both[0], ...members, both[1]];
          expect(at(`{${all.join(",")}}`)).toBe("ambiguous");
        },
      ),
    );
  });
});
