import type { Row } from "@/components/ui/rows";
import type { FieldError } from "@/lib/domain/errors";
import type { UpstreamHeader } from "@/lib/domain/instance";

/** One upstream request header while it is being edited. */
export interface HeaderRow extends Row {
  readonly name: string;
  /** What was typed; never the stored value, which the browser does not get. */
  readonly value: string;
  /** The server holds a value under this name. */
  readonly stored: boolean;
  /** A stored value is to be replaced by what is typed. */
  readonly replacing: boolean;
}

/** What is wrong with one row. */
export interface HeaderRowErrors {
  readonly name?: FieldError;
  readonly value?: FieldError;
}

/** Nothing is wrong. */
export const noErrors: ReadonlyMap<number, HeaderRowErrors> = new Map();

/** Rows for headers the server holds. */
export function storedRows(names: readonly string[]): HeaderRow[] {
  return names.map((name, key) => ({ key, name, value: "", stored: true, replacing: false }));
}

/** A row for a header that the server does not hold. */
export function newRow(key: number): HeaderRow {
  return { key, name: "", value: "", stored: false, replacing: false };
}

/** True when the server's value is kept as it is. */
export function isKept(row: HeaderRow): boolean {
  return row.stored && !row.replacing;
}

/** What to send: null keeps the stored value. */
export function toHeaders(rows: readonly HeaderRow[]): UpstreamHeader[] {
  return rows.map((row) => ({ name: row.name, value: isKept(row) ? null : row.value }));
}

/** After saving: every value is the server's now, and the browser forgets it. */
export function afterSaving(rows: readonly HeaderRow[]): HeaderRow[] {
  return rows.map(({ key, name }) => ({ key, name: name.trim(), value: "", stored: true, replacing: false }));
}

/**
 * Finds the row each error is about. The server counts rows as they were sent, so this must be asked with
 * the rows that were sent; the answer is by `key` and stays right when rows come and go.
 */
export function errorsByRow(
  sent: readonly HeaderRow[],
  errors: readonly FieldError[],
): ReadonlyMap<number, HeaderRowErrors> {
  const found = new Map<number, HeaderRowErrors>();
  for (const error of errors) {
    const [, index, part] = /^headers\.(\d+)\.(name|value)$/.exec(error.field) ?? [];
    const row = index === undefined ? undefined : sent[Number(index)];
    if (row && (part === "name" || part === "value")) {
      found.set(row.key, { [part]: error, ...found.get(row.key) });
    }
  }
  return found;
}

/** Opens the kept rows whose value the server asks for, so that the error has a field beside it. */
export function openRefused(
  rows: readonly HeaderRow[],
  errors: ReadonlyMap<number, HeaderRowErrors>,
): HeaderRow[] {
  return rows.map((row) => (isKept(row) && errors.get(row.key)?.value ? { ...row, replacing: true } : row));
}
