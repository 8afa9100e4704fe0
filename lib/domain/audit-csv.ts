import type { HashedEvent } from "./audit-chain";
import { canonicalJson } from "./canonical-json";

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
