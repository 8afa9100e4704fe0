import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { csvField } from "@/lib/domain/audit-line";
import {
  guardApostrophe,
  type ImportedRecords,
  type ImportRecord,
  importColumn,
  importLimits,
  withoutGuard,
  yesOrNo,
} from "@/lib/domain/instance-import";
import { presets } from "@/lib/domain/preset";
import { refusedWith } from "@/test/support/accounts";
import { listIn, valueAt } from "./list-items";
import { inTime, readBytes, readImportFile } from "./read-file";

const read = (text: string | Uint8Array, list: Parameters<typeof readImportFile>[1] = null) =>
  readImportFile(typeof text === "string" ? new TextEncoder().encode(text) : text, list);

const values = ({ records }: ImportedRecords) => records.map((record) => record.values);

/** What a cell can hold and gives back as it was: spaces at its ends are not kept. */
const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom(
    '"',
    "a,b",
    "a;b",
    "a\tb",
    "a\nb",
    "a\r\nb",
    '""',
    "'=1+1",
    "=1+1",
    "-x",
    "@x",
    "ção",
    "\u{1f600}",
  ),
);
const trimmed = cell.map((text) => text.replaceAll("\0", "").trim());
const row = fc.record({ name: trimmed, id: trimmed, token: trimmed }).filter(({ name }) => name !== "");

const separators = fc.constantFrom(",", ";", "\t", "|");
const ends = fc.constantFrom("\n", "\r\n");

describe("CSV", () => {
  test("says the same whatever separates its cells and ends its lines, with or without a byte-order mark", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        separators,
        ends,
        fc.boolean(),
        async (rows, separator, end, mark) => {
          const line = (cells: readonly string[]) =>
            cells.map((text) => csvField(guardApostrophe(text))).join(separator);
          const lines = [["name", "id", "token"].join(separator)].concat(
            rows.map(({ name, id, token }) => line([name, id, token])),
          );
          const found = await read(`${mark ? "\ufeff" : ""}${lines.join(end)}${end}`);
          expect(values(found)).toEqual(rows.map(({ name, id, token }) => ({ name, id, token })));
        },
      ),
      { numRuns: 200 },
    ));

  test("of Excel in Brazil is read: semicolons, Windows-1252, and the separator in a line of its own", async () => {
    const text = "sep=;\r\nNome;Sessão;Token\r\nPadaria São João;padaria;abc\r\n\r\n;;\r\n";
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const found = await read(bytes);
    expect(found.records).toEqual([
      { line: 3, values: { name: "Padaria São João", label: "padaria", token: "abc" } },
    ]);
  });

  test("in UTF-16, as spreadsheets save Unicode text, is read", async () => {
    const text = "\ufeffname\ttoken\r\nCafé\tabc\r\n";
    const bytes = new Uint8Array(Buffer.from(text, "utf16le"));
    expect(values(await read(bytes))).toEqual([{ name: "Café", token: "abc" }]);
  });

  test("names columns that mean nothing, and finds the others in any case and with any separators", async () => {
    const found = await read("Owner;Instance ID;API-Key;First_Byte Seconds\nana;A;B;9\n");
    expect(found.ignored).toEqual(["Owner"]);
    expect(values(found)).toEqual([{ id: "A", token: "B", first_byte_seconds: "9" }]);
    expect(importColumn("__proto__")).toBeUndefined();
  });

  test("with a line that cannot be read tells which, and reads the others", async () => {
    const found = await read('name,token\nA,1\nB,2,3\n5" pizza,3\n\n"E\nF",5\n');
    expect(found.records).toEqual([
      { line: 2, values: { name: "A", token: "1" } },
      { line: 3, values: null },
      { line: 4, values: { name: '5" pizza', token: "3" } },
      { line: 7, values: { name: "E\nF", token: "5" } },
    ]);
  });

  test.each([
    ["a quote that is never closed", 'name,token\n"A,1\nB,2\n', "file:import_quote"],
    ["no headings", "Ana,1\nBob,2\n", "file:import_columns"],
    ["a column twice", "name,nome\nA,B\n", "file:import_column_twice"],
    ["nothing", " \n \n", "file:import_empty"],
    ["headings alone", "name,token\n", "file:import_empty"],
    ["a web page", "<!doctype html><html></html>", "file:import_unreadable"],
    ["a spreadsheet", "PK\u0003\u0004\0\0\0", "file:import_unreadable"],
    ["broken JSON", '{"name": "A"', "file:import_json"],
    ["a list that breaks off", '[{"name": "A"},', "file:import_json"],
  ])("%s is refused as a whole", async (_, text, code) => {
    expect(await refusedWith(read(text))).toBe(`invalid ${code}`);
  });

  test("of a quote that is never closed says from which line on", async () => {
    const text = `name,id\n${"a,b\n".repeat(40)}c,"d\n${"e,f\n".repeat(500)}`;
    const refused = await read(text).catch((error) => error.fields);
    expect(refused).toEqual([{ field: "file", code: "import_quote", params: { line: 42 } }]);
  });

  test("of one line of many quotes is refused before it keeps others waiting", async () => {
    for (const text of [`"${"a".repeat(2_000_000)}\nname`, '"a'.repeat(1_000_000)])
      expect(await refusedWith(read(text))).toBe("invalid file:import_quote");
  });

  test("of one line too many is refused, and so is one byte too many", async () => {
    const many = `name\n${"x\n".repeat(importLimits.lines + 1)}`;
    expect(await refusedWith(read(many))).toBe("invalid file:import_too_many");
    async function* endless() {
      for (;;) yield new Uint8Array(1024 * 1024);
    }
    expect(await refusedWith(readBytes(endless()))).toBe("invalid file:import_too_large");
  });
});

describe("JSON", () => {
  test("lists in lists are no text, however deep they are", async () => {
    const deep = `[{"name":"A","hosts":${"[".repeat(100_000)}${"]".repeat(100_000)}}]`;
    expect(values(await read(deep))).toEqual([{ name: "A", hosts: "" }]);
  });

  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).map((each) => each.trim());
  const item = fc
    .record({ name: text, token: text })
    .filter(({ name, token }) => name !== "" && token !== "");

  test("is the same as a list, as an object with a list, and as one object a line", () =>
    fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 2, maxLength: 20 }), async (items) => {
        const list = await read(JSON.stringify(items));
        const inside = await read(
          `\ufeff${JSON.stringify({ total: items.length, content: items }, null, 2)}`,
        );
        const lines = await read(items.map((each) => JSON.stringify(each)).join("\r\n"));
        expect([list.form, inside.form, lines.form]).toEqual(["json", "json", "ndjson"]);
        expect(values(list)).toEqual(items);
        expect(values(inside)).toEqual(items);
        expect(values(lines)).toEqual(items);
      }),
      { numRuns: 100 },
    ));

  test("takes numbers, booleans and lists as cells, and what is no object as a line that cannot be read", async () => {
    const found = await read(
      '[{"name":7,"enforced":true,"hosts":["a.example","b.example"],"x":{}}, 3, null]',
    );
    expect(values(found)).toEqual([
      { name: "7", enforced: "true", hosts: "a.example b.example" },
      null,
      null,
    ]);
    expect(found.ignored).toEqual(["x"]);
    const lines = await read('{"name":"A"}\n{"name":\n{"name":"C"}\n');
    expect(lines.records.map(({ line, values: each }): ImportRecord => ({ line, values: each }))).toEqual([
      { line: 1, values: { name: "A" } },
      { line: 2, values: null },
      { line: 3, values: { name: "C" } },
    ]);
  });

  test("that a gateway lists is read by its preset, and an export of Latchkey by its own names", async () => {
    const evolution = JSON.stringify([
      { id: "8b1f", name: "shop", token: "T1", connectionStatus: "open" },
      { id: "8b20", name: "bar", token: null },
    ]);
    expect(values(await read(evolution, presets.evolution.list))).toEqual([
      { name: "shop", label: "shop", token: "T1" },
      { name: "bar", label: "bar", token: "" },
    ]);
    const exported = JSON.stringify({
      latchkey: "instances",
      instances: [{ name: "A", label: "a", id: "1" }],
    });
    expect(values(await read(exported, presets.evolution.list))).toEqual([
      { name: "A", label: "a", id: "1" },
    ]);
  });
});

test("an apostrophe that an export puts in front is taken away, and no other", () =>
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("", "'", "''", "=", "'=", "''-"),
      (rest, start) => {
        const written = csvField(guardApostrophe(start + rest))
          .slice(1, -1)
          .replaceAll('""', '"');
        expect(withoutGuard(written)).toBe(start + rest);
      },
    ),
  ));

test("yes and no are understood in three languages, and nothing else is", () => {
  expect(["yes", " SIM ", "Sí", "true", "1"].map(yesOrNo)).toEqual([true, true, true, true, true]);
  expect(["", "não", "NO", "false", "0"].map(yesOrNo)).toEqual([false, false, false, false, false]);
  expect(["maybe", "2", "nope"].map(yesOrNo)).toEqual([null, null, null]);
});

test("a pointer finds what is a value's own, and a list only where there is one", () => {
  expect(valueAt({ a: { "b/c": [7] } }, "/a/b~1c/0")).toBe(7);
  expect(valueAt({}, "/constructor/name")).toBeUndefined();
  expect(listIn({ a: [{ b: 1 }], c: [{ d: 1 }] })).toBeNull();
  expect(listIn({ data: [{ b: 1 }], ok: true })).toEqual([{ b: 1 }]);
});

describe("a file on its way", () => {
  test.each([
    ["pauses", 1, 30_000],
    ["never ends", 100, 15_000],
  ])("that %s is not waited for", async (_how, pieces, everyMs) => {
    vi.useFakeTimers();
    try {
      const dripping = async function* () {
        for (let n = 0; n < pieces; n++) {
          await new Promise((resolve) => setTimeout(resolve, everyMs));
          yield new Uint8Array(1);
        }
      };
      const refused = refusedWith(readBytes(inTime(dripping())));
      await vi.advanceTimersByTimeAsync(6 * 60_000);
      expect(await refused).toBe("invalid file:import_slow");
    } finally {
      vi.useRealTimers();
    }
  });
});
