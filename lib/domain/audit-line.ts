import type { HashedEvent } from "./audit-chain";
import { canonicalJson, type Json } from "./canonical-json";

/** What can be wrong with a record. */
export type AuditFault =
  | "empty"
  | "truncated"
  | "bad_json"
  | "unknown_form"
  | "reformatted"
  | "edited"
  | "foreign_account"
  | "deleted"
  | "reordered"
  | "duplicated"
  | "prev_hash"
  | "rewritten"
  | "checkpoint_differs"
  | "bad_signature"
  | "after_end";

/** The first record that is not as it was written. */
export interface AuditBreach {
  /** 1 for the first line. One more than there are when something is missing at the end. */
  readonly line: number;
  readonly fault: AuditFault;
  /** The number that had to come here. */
  readonly expected: number;
  /** The number that is written there; null when there is none. */
  readonly found: number | null;
  /** The last of the events that are missing from `expected` on; null unless some are. */
  readonly missingTo: number | null;
}

/** The members that every record of version 1 has, and all others as they stand. */
export interface AuditLine {
  readonly type: "event" | "checkpoint";
  readonly account: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  readonly [member: string]: Json;
}

function parse(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is AuditLine {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { type, v, account, seq, hash, at } = value as { readonly [member: string]: unknown };
  return (
    (type === "event" || type === "checkpoint") &&
    v === 1 &&
    [account, hash, at].every((member) => typeof member === "string") &&
    Number.isSafeInteger(seq)
  );
}

/** Lone surrogates and values nested deeper than the stack have no canonical form. */
function isCanonical(value: Json, text: string): boolean {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

/**
 * Reads one line of an export. It has one form only, to the byte: a second way to write the same would leave
 * room for two readings (such as a key given twice).
 */
export function parseLine(text: string | null, ended: boolean): AuditLine | AuditFault {
  // With a byte-order mark in front: an editor saved the file.
  if (text?.startsWith("\ufeff") && parse(text.slice(1)) !== undefined) return "reformatted";
  const value = parse(text);
  if (value === undefined) return ended ? "bad_json" : "truncated";
  if (!isRecord(value)) return "unknown_form";
  if (isCanonical(value, text ?? "")) return value;
  return "reformatted";
}

/** After a gap: a missing event that comes later was moved, not deleted. */
export function lookAhead(breach: AuditBreach, account: string | null, text: string | null): AuditBreach {
  if (breach.fault !== "deleted") return breach;
  const value = parse(text);
  const isMissing =
    isRecord(value) &&
    value.type === "event" &&
    value.seq === breach.expected &&
    (account === null || value.account === account);
  return isMissing ? { ...breach, fault: "reordered" } : breach;
}

const columns = [
  ["seq", (event) => String(event.seq)],
  ["time", (event) => event.at],
  ["action", (event) => event.action],
  ["actor", (event) => event.actor],
  ["actor_id", (event) => event.actorId ?? ""],
  ["target_type", (event) => event.targetType ?? ""],
  ["target_id", (event) => event.targetId ?? ""],
  ["target", (event) => event.target ?? ""],
  ["address", (event) => event.address],
  ["user_agent", (event) => event.userAgent],
  ["details", (event) => canonicalJson(event.details)],
  ["prev_hash", (event) => event.prevHash],
  ["hash", (event) => event.hash],
] as const satisfies readonly (readonly [string, (event: HashedEvent) => string])[];

/** What spreadsheets take for the start of a formula (OWASP, "CSV Injection"), full-width forms included. */
const formula = /^[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/u;

/** One field, quoted (RFC 4180); text that a spreadsheet would calculate gets an apostrophe in front. */
export function csvField(text: string): string {
  return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

const lineOf = (fields: readonly string[]) => `${fields.map(csvField).join(",")}\r\n`;

/** The first line, after a byte-order mark, by which spreadsheets know UTF-8. */
export function csvHead(): string {
  return `\ufeff${lineOf(columns.map(([name]) => name))}`;
}

/** One event as a line. */
export function csvLine(event: HashedEvent): string {
  return lineOf(columns.map(([, read]) => read(event)));
}
