import type { FieldError } from "./errors";

/** What one import may have. Beyond that, a file has to be split. */
export const importLimits = { lines: 100_000, megabytes: 20 } as const;

/** What a line can say of an instance, in the order of an export. */
export const importColumns = [
  "name",
  "id",
  "token",
  "service",
  "label",
  "hosts",
  "upstream",
  "enforced",
  "paused",
  "first_byte_seconds",
  "answers",
  "endpoint_rules",
] as const;

/** One thing that a line can say. */
export type ImportColumn = (typeof importColumns)[number];

/** What else the columns are called, by gateways, by providers and by people who write Portuguese or Spanish. */
const aliases: Readonly<Record<string, ImportColumn>> = {
  nome: "name",
  nombre: "name",
  instanceid: "id",
  idinstance: "id",
  instancetoken: "token",
  apikey: "token",
  apitoken: "token",
  apitokeninstance: "token",
  credential: "token",
  servico: "service",
  servicio: "service",
  session: "label",
  sessionname: "label",
  sessao: "label",
  instance: "label",
  instancename: "label",
  host: "hosts",
  hostname: "hosts",
  hostnames: "hosts",
  upstreamurl: "upstream",
  url: "upstream",
};

const columnKey = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

const byKey = new Map<string, ImportColumn>([
  ...Object.entries(aliases),
  ...importColumns.map((column) => [columnKey(column), column] as const),
]);

/** The column that a heading or a member's name stands for, whatever its case and its separators; undefined for none. */
export function importColumn(heading: string): ImportColumn | undefined {
  return byKey.get(columnKey(heading));
}

/** How what is imported was written: a file's form, or the answer of a gateway's list call. */
type ImportForm = "csv" | "json" | "ndjson" | "list";

/** One line as it was read, before anything is checked. */
export interface ImportRecord {
  /** Of a file: the line it ends in. Of a list: its place. 1-based. */
  readonly line: number;
  /** null for what cannot be read. */
  readonly values: Partial<Readonly<Record<ImportColumn, string>>> | null;
}

/** A file or a list as it was read. */
export interface ImportedRecords {
  readonly form: ImportForm;
  readonly records: readonly ImportRecord[];
  /** Headings that stand for nothing here. */
  readonly ignored: readonly string[];
}

/** One line of a preview. No secret in it. */
export interface ImportLine {
  readonly line: number;
  readonly name: string;
  /** What callers name it by, besides its token and its hosts. */
  readonly called: string | null;
  /** Name of the service it is called through. */
  readonly service: string | null;
  readonly hosts: readonly string[];
  /** Why it cannot be imported. */
  readonly errors: readonly FieldError[];
  readonly warning: FieldError | null;
}

/** What an import would do. */
export interface ImportPreview {
  readonly form: ImportForm;
  readonly lines: readonly ImportLine[];
  /** Lines that can be imported, some of them with a warning. */
  readonly ready: number;
  readonly failing: number;
  readonly warned: number;
  /** Of those that are ready: without a token of their own, they get a new one. */
  readonly newTokens: number;
  /** Of those that are ready: they ask for enforcement, and the account does not choose instances one by one now. */
  readonly notEnforced: number;
  readonly ignored: readonly string[];
  /** What a gateway lists and its service has already: it is no line, and stays as it is. */
  readonly here: number;
  /** Stands for exactly this: an import of it does what was shown, or nothing. */
  readonly plan: string;
}

/** Lines on one page of a preview. */
export const importLinesPerPage = 50;

const yes = new Set(["yes", "true", "1", "on", "x", "sim", "si", "sí", "verdadeiro", "verdadero"]);
const no = new Set(["", "no", "false", "0", "off", "não", "nao", "falso"]);

/** What a yes or no says, in English, Portuguese and Spanish; null for anything else. */
export function yesOrNo(text: string): boolean | null {
  const word = text.trim().toLowerCase().normalize("NFC");
  if (yes.has(word)) return true;
  return no.has(word) ? false : null;
}

/** What spreadsheets take for the start of a formula gets an apostrophe in front, and so does what had one before. */
const guarded = /^'+[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/u;

/** Puts one more apostrophe where a reader would take one away, so that what comes back is what was written. */
export const guardApostrophe = (text: string): string => (guarded.test(text) ? `'${text}` : text);

/** Takes the apostrophe away again with which an export keeps a spreadsheet from calculating. */
export const withoutGuard = (text: string): string => (guarded.test(text) ? text.slice(1) : text);
