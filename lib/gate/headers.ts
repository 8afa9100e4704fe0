import { hopByHopFields, isOurField, mergedName } from "@/lib/domain/forwarded-headers";

/**
 * Header lines as node:http and undici give and take them: name, value, name, value … Names are in lower
 * case, values hold one character for each byte.
 */
export type HeaderList = readonly string[];

/** Header fields as undici hands them over: by name in lower case, several lines of one name as a list. */
export type HeaderRecord = Readonly<Record<string, string | string[] | undefined>>;

/** What the gate knows of a field by its name alone. */
interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** The name that it has among programs behind CGI; see `mergedName`. */
  readonly merged: string;
  /** True for the usual hop-by-hop fields and their twins, and for twins of the length. */
  readonly hopByHop: boolean;
  /** True when Latchkey alone writes it. */
  readonly isOurs: boolean;
}

function describeField(written: string): HeaderField {
  const name = written.toLowerCase();
  const merged = mergedName(name);
  const isTwinOfLength = merged === "content-length" && name !== merged;
  return { name, merged, hopByHop: hopByHopFields.has(merged) || isTwinOfLength, isOurs: isOurField(merged) };
}

const fields = new Map<string, HeaderField>();
const mostFields = 2000;
const longestKept = 64;

/** Describes a field name as it was written. Real programs send few, so each is looked at once. */
export function headerField(written: string): HeaderField {
  let field = fields.get(written);
  if (field === undefined) {
    field = describeField(written);
    if (written.length > longestKept) return field;
    if (fields.size >= mostFields) fields.clear();
    fields.set(written, field);
  }
  return field;
}

/** The values of all lines with this name (in lower case), in order. */
export function valuesOf(lines: HeaderList, name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < lines.length; at += 2) if (lines[at] === name) values.push(lines[at + 1] ?? "");
  return values;
}

/** True when there is a line with this name (in lower case). */
export function hasField(lines: HeaderList, name: string): boolean {
  for (let at = 0; at < lines.length; at += 2) if (lines[at] === name) return true;
  return false;
}

/** Names that a `Connection` header lists; null for the values that nearly all have. */
function connectionOptions(value: string, known: Set<string> | null): Set<string> | null {
  if (value === "keep-alive" || value === "close") return known;
  const options = known ?? new Set<string>();
  for (const option of value.split(",")) options.add(option.trim().toLowerCase());
  return options;
}

/** The fields that `Connection` names, besides the usual ones; null for none. */
export function namedByConnection(lines: HeaderList): ReadonlySet<string> | null {
  let options: Set<string> | null = null;
  for (let at = 0; at < lines.length; at += 2) {
    if (lines[at] === "connection") options = connectionOptions(lines[at + 1] ?? "", options);
  }
  return options;
}

/** True when `Connection` takes the field of this name (in lower case) away: what is read of it here, no upstream reads. */
export function isTakenAway(lines: HeaderList, name: string): boolean {
  return namedByConnection(lines)?.has(name) ?? false;
}

/**
 * True for a field that goes further than one connection (RFC 9110 §7.6.1). `Connection` cannot name those
 * without which the gate would lose a body's length, the host or the client.
 *
 * @param named what `namedByConnection` says of the message
 */
export function isEndToEnd(field: HeaderField, named: ReadonlySet<string> | null): boolean {
  if (field.hopByHop) return false;
  if (named === null || !named.has(field.name)) return true;
  return field.merged === "content-length" || field.merged === "host" || field.isOurs;
}

/** The lines of a record, in order, those of one name together. */
export function linesOf(record: HeaderRecord): string[] {
  const lines: string[] = [];
  for (const name in record) {
    const value = record[name];
    if (typeof value === "string") lines.push(name, value);
    else for (const one of value ?? []) lines.push(name, one);
  }
  return lines;
}

/** Why a request was not answered by the upstream; only the gate may say so. */
export const reasonHeader = "latchkey-reason";

/** What every instance answer carries on the dashboard's origin: no script, no guessing of types. */
export const sharedOriginHeaders: HeaderList = [
  "content-security-policy",
  "sandbox; default-src 'none'",
  "x-content-type-options",
  "nosniff",
];
