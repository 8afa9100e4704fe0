import { describe, expect, test } from "vitest";
import { describeError } from "./logger";
import { escapeControls, redactLine, redactText } from "./safe-text";

describe("what could end a line or steer a terminal", () => {
  test.each([
    "\n",
    "\r",
    "\v",
    "\f",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u001b",
    "\u009b",
    "\u0000",
    "\u202e",
    "\ud800",
  ])("%j is written as an escape that JSON reads back", (character) => {
    const written = escapeControls(`a${character}b`);
    expect(written).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(`"${written}"`)).toBe(`a${character}b`);
  });

  test("and everything else is left as it is", () => {
    expect(escapeControls("Bäckerei 🥐 日本語 \\n")).toBe("Bäckerei 🥐 日本語 \\n");
  });
});

describe("secrets are left out", () => {
  const token = "lkc_".padEnd(53, "s3cr3t");
  test.each([
    ["an instance token in a path", "GET /instances/a/token/s3cr3t/x?y"],
    ["one that is encoded", "url=%2Finstances%2Fa%2Ftoken%2Fs3cr3t%2Fx and %252Ftoken%252Fs3cr3t%252Fx"],
    ["an account security token", `sent ${token}.`],
    ["a password in a URL", "postgresql://latchkey:s3cr3t@127.0.0.1/x"],
    ["an authorization", "Basic s3cr3t== and Bearer s3cr3t"],
    ["a session", "latchkey.session=s3cr3t; __Host-latchkey.session=s3cr3t"],
    ["a signed token", "eyJhbGciOiJub25lIn0.s3cr3t.s3cr3t"],
  ])("%s, also in JSON, which stays JSON", (_what, text) => {
    expect(redactText(text)).not.toContain("s3cr3t");
    const line = redactLine(JSON.stringify({ text, more: [text] }));
    expect(line).not.toContain("s3cr3t");
    expect(Object.keys(JSON.parse(line))).toEqual(["text", "more"]);
  });

  test.each([
    "cookie: s3cr3t=s3cr3t; b=s3cr3t",
    `{ 'client-token': 's3cr3t' }`,
    `{"Authorization":"s3cr3t s3cr3t"}`,
    "password=s3cr3t&x=1",
    `{"password":"s3cr3t"}`,
    `{\\"password\\":\\"s3cr3t\\"}`,
  ])("%s, by the name before it", (text) => {
    expect(redactText(text)).not.toContain("s3cr3t");
  });

  test("an error is told without its message, wherever that looks like a place in the code", () => {
    const error = new SyntaxError("Cannot convert s3cr3t\n    at s3cr3t (s3cr3t.ts:1:1) to a BigInt");
    const told = describeError(Object.assign(error, { code: "X", digest: "s3cr3t s3cr3t", input: "s3cr3t" }));
    expect(JSON.stringify(told)).not.toContain("s3cr3t");
    expect(told).toMatchObject({ type: "SyntaxError", code: "X" });
    expect(told.frames).not.toEqual([]);
  });
});
