import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type CsvError, parse as csvParser, type InfoRecord } from "csv-parse";
import { invalidField } from "@/lib/domain/errors";
import {
  type ImportColumn,
  type ImportedRecords,
  type ImportRecord,
  importColumn,
  importLimits,
  withoutGuard,
} from "@/lib/domain/instance-import";
import { type ListPointers, listIn, valueAt } from "./list-items";

const mostBytes = importLimits.megabytes * 1024 * 1024;

const tooLarge = () => invalidField("file", "import_too_large", { max: importLimits.megabytes });
const tooMany = () => invalidField("file", "import_too_many", { max: importLimits.lines });
const brokenJson = () => invalidField("file", "import_json");
const unreadable = () => invalidField("file", "import_unreadable");

/**
 * A whole body, at most 20 MB of it.
 *
 * @throws what `tooLong` makes as soon as there is more; without it Refusal `invalid` (file: import_too_large)
 */
export async function readBytes(body: AsyncIterable<Uint8Array>, tooLong = tooLarge): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const longestMs = { pause: 20_000, whole: 5 * 60_000 } as const;

/**
 * A body as it comes, for as long as it does.
 *
 * @throws Refusal `invalid` (file: import_slow) when it pauses for 20 seconds, or takes five minutes
 */
export async function* inTime(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  const end = Date.now() + longestMs.whole;
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const ms = Math.min(longestMs.pause, end - Date.now());
      timer = setTimeout(() => reject(invalidField("file", "import_slow")), ms);
    });
    try {
      const { done, value } = await Promise.race([pieces.next(), late]);
      if (done) return;
      yield value;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Text in UTF-8 or UTF-16, or in what Excel writes on Windows in the Americas and Western Europe. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * Reads CSV with a line of headings, JSON (a list, or an object with one), or one JSON object a line.
 *
 * @param pointers where a gateway's own items have name and credential; used for JSON that is no export of Latchkey
 * @throws Refusal `invalid` (file: what is wrong with all of it)
 */
export async function readImportFile(
  bytes: Uint8Array,
  pointers: ListPointers | null,
): Promise<ImportedRecords> {
  const text = textOf(bytes);
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) throw invalidField("file", "import_empty");
  // Spreadsheets and other archives, pictures, web pages.
  if (start === "<" || text.slice(0, 4096).includes("\0")) throw unreadable();
  const found = start === "[" || start === "{" ? readJson(text, pointers) : await readCsv(text);
  if (found.records.length === 0) throw invalidField("file", "import_empty");
  return found;
}

const delimiters = [",", ";", "\t", "|"];

/** Which character separates the headings: the one that is there most often outside of quotes. */
function delimiterOf(head: string): string {
  const bare = head.replace(/"(?:[^"]|"")*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length;
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Excel's own way to name the separator: a first line `sep=;`. */
const separatorLine = /^sep=(.)\r?\n/i;

/** No cell of ours is as long; a quote that is never closed would take all that follows. */
const longestRecord = 64 * 1024;
const chunkLength = 64 * 1024;

/** The beginning of what may be one line of many megabytes: all of it would keep everybody else waiting. */
function firstLineOf(text: string): string {
  return /^.*/.exec(text.trimStart().slice(0, longestRecord))?.[0] ?? "";
}

async function* chunksOf(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += chunkLength) {
    // Others have their turn.
    await nextTurn();
    yield text.slice(at, at + chunkLength);
  }
}

interface Row {
  readonly record: readonly string[];
  readonly info: InfoRecord;
}

async function readCsv(whole: string): Promise<ImportedRecords> {
  const [mark = "", separator] = separatorLine.exec(whole) ?? [];
  const text = whole.slice(mark.length);
  const skipped = mark === "" ? 0 : 1;
  const records: ImportRecord[] = [];
  let read = 0;
  const parser = csvParser({
    delimiter: separator ?? delimiterOf(firstLineOf(text)),
    info: true,
    max_record_size: longestRecord,
    relax_column_count: true,
    // Names have quotes, too: 5" pizza.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record: (record, { lines }) => {
      read = lines;
      return record;
    },
    on_skip: (error) => {
      const { code, lines } = error as CsvError & { readonly lines: number };
      // Where a quote is never closed, the file's end is no help: what it is in begins behind the last line that was read.
      if (code === "CSV_QUOTE_NOT_CLOSED" || code === "CSV_MAX_RECORD_SIZE")
        parser.destroy(invalidField("file", "import_quote", { line: read + skipped + 1 }));
      else records.push({ line: lines + skipped, values: null });
      return undefined;
    },
  });
  let columns: readonly (ImportColumn | undefined)[] | null = null;
  let headings: readonly string[] = [];
  for await (const { record, info } of Readable.from(chunksOf(text)).pipe(parser) as AsyncIterable<Row>) {
    if (columns === null) {
      headings = record;
      columns = record.map(importColumn);
      requireColumns(columns);
    } else {
      if (record.every((cell) => cell.trim() === "")) continue;
      records.push({ line: info.lines + skipped, values: valuesOf(columns, record) });
      if (records.length > importLimits.lines) throw tooMany();
    }
  }
  const ignored = headings.filter((heading, at) => columns?.[at] === undefined && heading.trim() !== "");
  return { form: "csv", records, ignored };
}

function requireColumns(columns: readonly (ImportColumn | undefined)[]): void {
  const known = columns.filter((column) => column !== undefined);
  if (!known.some((column) => ["name", "id", "label", "token", "hosts"].includes(column)))
    throw invalidField("file", "import_columns");
  const twice = known.find((column, at) => known.indexOf(column) !== at);
  if (twice !== undefined) throw invalidField("file", "import_column_twice", { column: twice });
}

/** null when there is more in the line than there are columns. */
function valuesOf(
  columns: readonly (ImportColumn | undefined)[],
  record: readonly string[],
): ImportRecord["values"] {
  if (record.slice(columns.length).some((cell) => cell.trim() !== "")) return null;
  const values: Partial<Record<ImportColumn, string>> = {};
  columns.forEach((column, at) => {
    if (column !== undefined) values[column] = withoutGuard(record[at] ?? "").trim();
  });
  return values;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readJson(whole: string, pointers: ListPointers | null): ImportedRecords {
  const text = whole.replace(/^\ufeff/, "");
  const value = parsed(text);
  if (value === undefined) return readLines(text, pointers);
  const list = listIn(value);
  // One object alone is a list of one, as a line of NDJSON is.
  const items =
    list ?? (typeof value === "object" && value !== null && !Array.isArray(value) ? [value] : null);
  if (items === null) throw unreadable();
  if (items.length > importLimits.lines) throw tooMany();
  const own = typeof value === "object" && value !== null && "latchkey" in value;
  return recordsOf("json", items, own ? null : pointers);
}

function readLines(text: string, pointers: ListPointers | null): ImportedRecords {
  const lines = text.split(/\r?\n/);
  const read = lines.flatMap((line, at) => (line.trim() === "" ? [] : [[at + 1, parsed(line)] as const]));
  if (!read.some(([, value]) => value !== undefined)) throw brokenJson();
  if (read.length > importLimits.lines) throw tooMany();
  const { records, ignored } = recordsOf(
    "ndjson",
    read.map(([, value]) => value),
    pointers,
  );
  return {
    form: "ndjson",
    records: records.map((record, at) => ({ ...record, line: read[at]?.[0] ?? record.line })),
    ignored,
  };
}

function textOfValue(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value).trim() : "";
}

/** A member's value as a cell has it. A list in a list is none. */
function cellOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOfValue).join(" ") : textOfValue(value);
}

/** Items of a gateway's list, or objects whose members are called as the columns are. */
export function recordsOf(
  form: ImportedRecords["form"],
  items: readonly unknown[],
  pointers: ListPointers | null,
): ImportedRecords {
  const ignored = new Set<string>();
  const records = items.map((item, at): ImportRecord => {
    const line = at + 1;
    if (typeof item !== "object" || item === null || Array.isArray(item)) return { line, values: null };
    // Who writes a label has not copied a gateway's answer.
    if (pointers && !("label" in item) && typeof valueAt(item, pointers.name) === "string") {
      const label = cellOf(valueAt(item, pointers.name));
      const token = pointers.credential === undefined ? "" : cellOf(valueAt(item, pointers.credential));
      return { line, values: { name: label, label, token } };
    }
    const values: Partial<Record<ImportColumn, string>> = {};
    for (const [member, value] of Object.entries(item)) {
      const column = importColumn(member);
      if (column === undefined) ignored.add(member);
      else values[column] ??= cellOf(value);
    }
    return { line, values };
  });
  return { form, records, ignored: [...ignored].slice(0, 50) };
}
