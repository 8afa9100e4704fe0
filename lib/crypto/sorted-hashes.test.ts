import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkHashFile, HashFileError, hasHashOf } from "./sorted-hashes";

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

/** Passwords in the order of their hashes, as many as fill dozens of blocks. */
const sorted = Array.from({ length: 5000 }, (_, index) => `secret ${index}`).sort((a, b) =>
  sha1(a) < sha1(b) ? -1 : 1,
);
const lineOf = (text: string) => `${sha1(text)}:${(text.length * 7919) % 99_991}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-hashes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const path = join(folder, sha1(text));
  writeFileSync(path, text);
  return path;
}

describe("a file of sorted hashes", () => {
  test.each([
    ["LF", "\n", "\n"],
    ["CRLF", "\r\n", "\r\n"],
    ["LF, and none at the end", "\n", ""],
    ["CRLF, and none at the end", "\r\n", ""],
  ])("has each of its lines, the first and the last too, and no other: %s", async (_, end, last) => {
    const path = fileOf(sorted.map(lineOf).join(end) + last);
    await checkHashFile(path);
    const some = sorted.filter((_text, index) => index < 3 || index > 4996 || index % 97 === 0);
    for (const text of some) expect([text, await hasHashOf(path, text)]).toEqual([text, true]);
    for (let index = 5000; index < 5060; index += 1) {
      expect(await hasHashOf(path, `secret ${index}`)).toBe(false);
    }
  });

  test("may be short, in small letters and without counts", async () => {
    const path = fileOf(sorted.slice(0, 3).map(sha1).join("\n").toLowerCase());
    await checkHashFile(path);
    for (const text of sorted.slice(0, 3)) expect(await hasHashOf(path, text)).toBe(true);
    expect(await hasHashOf(path, sorted[3] ?? "")).toBe(false);
  });

  test("compares passwords in UTF-8", async () => {
    const path = fileOf(lineOf("пароль"));
    expect(await hasHashOf(path, "пароль")).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["other hashes", `${"A".repeat(32)}:7\n`.repeat(20_000)],
    ["plain words", "password\n123456\n"],
    ["an order by count", [...sorted].sort().map(lineOf).join("\n")],
    ["one endless line", sha1("a") + "0".repeat(300_000)],
  ])("with %s is refused", async (_, text) => {
    await expect(checkHashFile(fileOf(text))).rejects.toThrow(HashFileError);
  });

  test("in another order, emptied or gone is an error and no answer", async () => {
    const byCount = fileOf([...sorted].sort().map(lineOf).join("\n"));
    await expect(hasHashOf(byCount, sorted[10] ?? "")).rejects.toThrow(HashFileError);
    await expect(hasHashOf(fileOf(""), "a")).rejects.toThrow(HashFileError);
    await expect(hasHashOf(join(folder, "gone"), "a")).rejects.toThrow("ENOENT");
  });
});
