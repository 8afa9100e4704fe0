import { createHash } from "node:crypto";
import { z } from "zod";
import { StartError } from "../terminal";
import { keepWords } from "../words";

/*
 * The form of a backup, before it is compressed: text in UTF-8. One line of JSON that says what it is; then for each table
 * one line of JSON with its name and columns, its rows as PostgreSQL's COPY writes them (one a line), and a line `\.`; at
 * last one line of JSON with the number of rows and the SHA-256 of the rows of each table, and the SHA-256 of all before.
 */

const version = 1;

/** A file that is no backup, or not a whole one; the message says what to do. */
export class BackupError extends StartError {
  override name = "BackupError";
}

const tableName = z.string().regex(/^[A-Za-z_]{1,63}$/);

const tableSum = z.object({ rows: z.int().nonnegative(), sha256: z.string().length(64) });

/** What a table holds, in an order of its own: the same rows have the same sum. */
type TableSum = z.output<typeof tableSum>;

const headLine = z.object({
  format: z.literal("latchkey-backup"),
  v: z.literal(version),
  /** The version of Latchkey that made it. */
  latchkey: z.string(),
  /** When, in ISO 8601. */
  at: z.string(),
  /** What was applied to the database, oldest first. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })).min(1),
  /** Which secret the data is under; null: nothing is under one yet. */
  secretId: z.string().nullable(),
  /** The secrets themselves, the one in use first; null: they are not in it. */
  secrets: z.array(z.string().min(32)).min(1).nullable(),
});

const newerLine = z.object({ v: z.number().gt(version) });

/** The first line of a backup. */
export type BackupHead = Omit<z.output<typeof headLine>, "format" | "v">;

const tableLine = z.object({ table: tableName, columns: z.array(tableName).min(1) });

/** A table and its columns, in the order in which its rows have them. */
export type TableForm = z.output<typeof tableLine>;

const endLine = z.object({
  end: z.literal(true),
  tables: z.record(tableName, tableSum),
  sha256: z.string().length(64),
});

/** The sums of all tables, by name. */
export type TableSums = Readonly<Record<string, TableSum>>;

/** A table with its rows, in pieces of any size. */
export interface TableRows {
  readonly form: TableForm;
  readonly rows: AsyncIterable<Buffer>;
}

const newline = 0x0a;

/** Sums up rows as they pass. */
export class Summing {
  #rows = 0;
  readonly #hash = createHash("sha256");

  take(piece: Buffer): void {
    this.#hash.update(piece);
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) this.#rows++;
  }

  /** Call it once. */
  sum(): TableSum {
    return { rows: this.#rows, sha256: this.#hash.digest("hex") };
  }
}

/** Writes a backup. @returns the sums, once all of it was read */
export async function* writeBackup(
  head: BackupHead,
  tables: AsyncIterable<TableRows>,
): AsyncGenerator<Buffer, TableSums> {
  const whole = createHash("sha256");
  const hashed = (piece: Buffer) => {
    whole.update(piece);
    return piece;
  };
  const line = (value: object) => Buffer.from(`${JSON.stringify(value)}\n`);
  yield hashed(line({ format: "latchkey-backup", v: version, ...head }));
  const sums: Record<string, TableSum> = {};
  for await (const { form, rows } of tables) {
    yield hashed(line(form));
    const summing = new Summing();
    for await (const piece of rows) {
      summing.take(piece);
      yield hashed(piece);
    }
    yield hashed(Buffer.from("\\.\n"));
    sums[form.table] = summing.sum();
  }
  yield line({ end: true, tables: sums, sha256: whole.digest("hex") });
  return sums;
}

/** Longest line of JSON, in bytes: a list of all columns of a table is far shorter. */
const longestLine = 1024 * 1024;

/** What the content of every backup begins with, of any version. */
const beginning = Buffer.from('{"format":"latchkey-backup","v":');

/** For what is no backup, as far as its beginning tells. */
export const noBackup = () => new BackupError(keepWords("file.noBackup"));
export const cutOff = () => new BackupError(keepWords("file.cutOff"));
export const edited = () => new BackupError(keepWords("file.edited"));

/** Takes a stream apart into lines, and into rows up to a line `\.`. */
class LineReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  readonly #whole = createHash("sha256");

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** @returns false at the end of the stream */
  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    return true;
  }

  #take(length: number, isHashed = true): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    if (isHashed) this.#whole.update(taken);
    return taken;
  }

  /** Whether the stream begins so. @throws BackupError where it ends before that can be told */
  async beginsWith(mark: Buffer): Promise<boolean> {
    for (;;) {
      const length = Math.min(mark.length, this.#held.length);
      if (!this.#held.subarray(0, length).equals(mark.subarray(0, length))) return false;
      if (length === mark.length) return true;
      if (!(await this.#more())) throw cutOff();
    }
  }

  /** The next line, parsed; what it is not made of is not part of the sum. */
  async json(isHashed: (value: unknown) => boolean): Promise<unknown> {
    for (;;) {
      const end = this.#held.indexOf(newline);
      if (end >= 0) {
        const text = this.#held.toString("utf8", 0, end);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          throw edited();
        }
        this.#take(end + 1, isHashed(value));
        return value;
      }
      if (this.#held.length > longestLine) throw edited();
      if (!(await this.#more())) throw cutOff();
    }
  }

  /** Rows up to the line that ends them, which is not among them. */
  async *rows(): AsyncGenerator<Buffer> {
    const [mark, between] = [Buffer.from("\\.\n"), Buffer.from("\n\\.\n")];
    let atStart = true;
    for (;;) {
      if (atStart && this.#held.length >= mark.length && this.#held.subarray(0, mark.length).equals(mark)) {
        this.#take(mark.length);
        return;
      }
      const end = this.#held.indexOf(between);
      if (end >= 0) {
        yield this.#take(end + 1);
        this.#take(mark.length);
        return;
      }
      // What could be the beginning of the end waits for what follows.
      const sure = this.#held.length - between.length;
      if (sure > 0) {
        atStart = false;
        yield this.#take(sure);
      }
      if (!(await this.#more())) throw cutOff();
    }
  }

  sha256(): string {
    return this.#whole.digest("hex");
  }

  async isOver(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#more());
  }
}

/** A backup that is being read. Its parts come in this order, and each has to be read to its end. */
export interface BackupReading {
  readonly head: BackupHead;
  readonly tables: AsyncIterable<TableRows>;
  /** @throws BackupError unless all of it was there, as it was written */
  end(): TableSums;
}

/**
 * Reads a backup, with little of it in memory.
 *
 * @throws BackupError for what is no backup, a newer form of one, one that was cut off, and one that was edited: at the
 *   latest at the end
 */
export async function readBackup(pieces: AsyncIterable<Buffer>): Promise<BackupReading> {
  const reader = new LineReader(pieces);
  if (!(await reader.beginsWith(beginning))) throw noBackup();
  const first = await reader.json(() => true);
  if (newerLine.safeParse(first).success) throw new BackupError(keepWords("file.newer"));
  const parsed = headLine.safeParse(first);
  if (!parsed.success) throw edited();
  const { format: _format, v: _v, ...head } = parsed.data;
  const found: Record<string, TableSum> = {};
  let sums: TableSums | undefined;
  async function* tables(): AsyncGenerator<TableRows> {
    for (;;) {
      const line = await reader.json((value) => !endLine.safeParse(value).success);
      const end = endLine.safeParse(line);
      if (end.success) {
        const { tables: told, sha256 } = end.data;
        const isWhole = sha256 === reader.sha256() && isSame(told, found) && (await reader.isOver());
        if (!isWhole) throw edited();
        sums = told;
        return;
      }
      const form = tableLine.safeParse(line);
      if (!form.success || Object.hasOwn(found, form.data.table)) throw edited();
      const summing = new Summing();
      yield { form: form.data, rows: summed(reader.rows(), summing) };
      found[form.data.table] = summing.sum();
    }
  }
  return {
    head,
    tables: tables(),
    end() {
      if (!sums) throw cutOff();
      return sums;
    },
  };
}

async function* summed(rows: AsyncIterable<Buffer>, summing: Summing): AsyncGenerator<Buffer> {
  for await (const piece of rows) {
    summing.take(piece);
    yield piece;
  }
}

/** Whether two databases hold the same, by the sums of their tables. */
export function isSame(one: TableSums, other: TableSums): boolean {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.every(
    (name) => one[name]?.rows === other[name]?.rows && one[name]?.sha256 === other[name]?.sha256,
  );
}
