import { describe, expect, test } from "vitest";
import { type BackupHead, readBackup, type TableRows, writeBackup } from "./form";

const head: BackupHead = {
  latchkey: "0.1.0",
  at: "2026-11-30T00:00:00.000Z",
  migrations: [{ name: "initial", checksum: "c" }],
  secretId: "0123456789abcdef",
  secrets: null,
};

async function* from<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

const contents: Readonly<Record<string, string>> = {
  Account: "1\tone\\.two\n2\t\\N\n",
  Empty: "",
  Instance: `${"x".repeat(80)}\ta\\nb\n\\\\.\tend\n`,
};

async function written(): Promise<Buffer> {
  const tables: TableRows[] = Object.entries(contents).map(([table, rows]) => ({
    form: { table, columns: ["a", "b"] },
    rows: from(rows === "" ? [] : [Buffer.from(rows)]),
  }));
  const pieces: Buffer[] = [];
  for await (const piece of writeBackup(head, from(tables))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Everything that comes out of a backup that arrives in pieces of one size. */
async function read(bytes: Buffer, size: number) {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const reading = await readBackup(from(pieces));
  const found: Record<string, string> = {};
  for await (const { form, rows } of reading.tables) {
    let text = "";
    for await (const piece of rows) text += piece.toString();
    found[form.table] = text;
  }
  return { head: reading.head, found, sums: reading.end() };
}

describe("the form of a backup", () => {
  test("what was written is read again, however it is cut into pieces", async () => {
    const bytes = await written();
    for (const size of [1, 2, 3, 7, 64, bytes.length]) {
      const { head: readHead, found, sums } = await read(bytes, size);
      expect(readHead).toEqual(head);
      expect(found).toEqual(contents);
      expect(sums).toMatchObject({ Account: { rows: 2 }, Empty: { rows: 0 }, Instance: { rows: 2 } });
    }
  });

  test("cut off anywhere, it is refused", async () => {
    const bytes = await written();
    for (let length = 0; length < bytes.length; length += 1)
      await expect(read(bytes.subarray(0, length), 50), `${length} bytes`).rejects.toThrow(
        /cut off|no backup|edited/,
      );
  });

  test("with any byte edited, doubled or added, it is refused", async () => {
    const bytes = await written();
    for (let at = 0; at < bytes.length; at += 1) {
      const edited = Buffer.from(bytes);
      edited[at] = (edited[at] ?? 0) ^ 1;
      await expect(read(edited, 50), `byte ${at}`).rejects.toThrow(/edited|no backup|cut off|newer/);
    }
    await expect(read(Buffer.concat([bytes, Buffer.from("\n")]), 50)).rejects.toThrow(/edited/);
    await expect(read(Buffer.concat([bytes, bytes]), 50)).rejects.toThrow(/edited/);
  });

  test("a newer form of it is told from a damaged one", async () => {
    const newer = Buffer.from((await written()).toString().replace('"v":1', '"v":2'));
    await expect(read(newer, 50)).rejects.toThrow(/newer Latchkey/);
    await expect(read(Buffer.from("PK\u0003\u0004"), 50)).rejects.toThrow(/no backup/);
  });
});
