import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encrypterFor, readBackupFile, writeBackupFile } from "./file";
import { readBackup, writeBackup } from "./form";

const folder = mkdtempSync(join(tmpdir(), "latchkey-file-"));
const identities: string[] = [];
const files: Record<"bare" | "encrypted", Buffer> = { bare: Buffer.alloc(0), encrypted: Buffer.alloc(0) };

async function* content() {
  const head = {
    latchkey: "0.1.0",
    at: "2026-11-30T00:00:00.000Z",
    migrations: [{ name: "initial", checksum: "c" }],
    secretId: null,
    secrets: null,
  };
  async function* rows() {
    // More than what is encrypted in one piece, whatever it is compressed to.
    for (let row = 0; row < 4000; row++) yield Buffer.from(`${row}\t${Math.sin(row)}\t${Math.cos(row)}\n`);
  }
  async function* tables() {
    yield { form: { table: "Account", columns: ["a", "b", "c"] }, rows: rows() };
  }
  yield* writeBackup(head, tables());
}

beforeAll(async () => {
  const identity = await generateIdentity();
  identities.push(identity);
  const encrypter = encrypterFor({ recipients: [await identityToRecipient(identity)] });
  await writeBackupFile(join(folder, "bare"), content(), undefined);
  await writeBackupFile(join(folder, "encrypted"), content(), encrypter);
  for (const kind of ["bare", "encrypted"] as const) files[kind] = readFileSync(join(folder, kind));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a whole backup. @returns how many rows it has */
async function read(bytes: Buffer, opening = identities): Promise<number | undefined> {
  const path = join(folder, "read");
  writeFileSync(path, bytes);
  const reading = await readBackup(await readBackupFile(path, { identities: opening }));
  for await (const { rows } of reading.tables) for await (const _ of rows);
  return reading.end().Account?.rows;
}

const places = (bytes: Buffer) => Array.from({ length: 10 }, (_, at) => Math.floor((bytes.length * at) / 10));

describe.each(["bare", "encrypted"] as const)("the file of a backup, %s", (kind) => {
  test("whole, it is read", async () => {
    expect(files[kind].length).toBeGreaterThan(70_000);
    expect(await read(files[kind])).toBe(4000);
  });

  test("cut off anywhere, it is said to be that, and never to be something else", async () => {
    const bytes = files[kind];
    for (const length of [...places(bytes), 1, 15, 40, 120, 200, bytes.length - 1])
      await expect(read(bytes.subarray(0, length)), `${length} bytes`).rejects.toThrow(/is cut off/);
  });

  test("with a byte edited, it is said to be damaged", async () => {
    const bytes = files[kind];
    for (const at of [...places(bytes), bytes.length - 1]) {
      const edited = Buffer.from(bytes);
      edited[at] = (edited[at] ?? 0) ^ 0x10;
      await expect(read(edited), `byte ${at}`).rejects.toThrow(/damaged/);
    }
  });
});

test("what is encrypted for somebody else is told from what is damaged", async () => {
  await expect(read(files.encrypted, [await generateIdentity()])).rejects.toThrow(/it is for another one/);
  await expect(read(files.encrypted, [])).rejects.toThrow(/is encrypted: give/);
  await expect(read(Buffer.from("PK\u0003\u0004 something else"))).rejects.toThrow(/no backup of Latchkey/);
});

test("where it cannot be written, one line says why, and nothing is left behind", async () => {
  const before = readdirSync(folder);
  const write = (...path: string[]) => writeBackupFile(join(folder, ...path), content(), undefined);
  await expect(write("bare")).rejects.toThrow(/is there already; nothing was changed/);
  await expect(write("bare", "below")).rejects.toThrow(/is not a folder\. Mend that, or name another file/);
  await expect(write("nowhere", "x")).rejects.toThrow(/does not exist.*no backup was made/);
  expect(readdirSync(folder)).toEqual(before);
});
