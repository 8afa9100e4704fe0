import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { foldCase, jsonTextAt } from "./json-text";

const at = (text: string, pointer = "/session") => {
  const found = jsonTextAt(new TextEncoder().encode(text), pointer);
  return found.kind === "text" ? `= ${found.text}` : found.kind;
};

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
  });

  it("is none of a body that is not UTF-8", () => {
    expect(jsonTextAt(new Uint8Array([0x22, 0xff, 0x22]), "/session").kind).toBe("ambiguous");
  });

  it("is what JSON.parse finds, where it is there once", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (rest, session) => {
        const body = { ...rest, session };
        const same = Object.keys(rest).some((key) => key !== "session" && foldCase(key) === "session");
        expect(at(JSON.stringify(body))).toBe(same ? "ambiguous" : `= ${session}`);
      }),
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
