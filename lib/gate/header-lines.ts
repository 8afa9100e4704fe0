import { type HeaderLine, isOurField, mergedName } from "@/lib/domain/forwarded-headers";

/**
 * Fields that concern one connection only (RFC 9110 §7.6.1), with the two that proxies have always
 * treated like them and `Trailer`, which would announce what no door passes on.
 */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** A field name or a protocol name (RFC 9110 §5.6.2). */
export const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The values of all lines with this name (in lower case), in order. */
export function valuesOf(lines: readonly HeaderLine[], name: string): string[] {
  const values: string[] = [];
  for (const line of lines) if (line[0] === name) values.push(line[1]);
  return values;
}

const none: ReadonlySet<string> = new Set();

/** The fields that `Connection` names, besides the usual ones. */
function namedByConnection(lines: readonly HeaderLine[]): ReadonlySet<string> {
  let named: Set<string> | undefined;
  for (const [name, value] of lines) {
    if (name !== "connection" || value === "keep-alive" || value === "close") continue;
    named ??= new Set();
    for (const part of value.split(",")) named.add(part.trim().toLowerCase());
  }
  return named ?? none;
}

/** Fields that `Connection` cannot name: without them the gate would lose a body's length, the host or the client. */
function isKept(merged: string): boolean {
  return merged === "content-length" || merged === "host" || isOurField(merged);
}

/**
 * Keeps the lines that go further than one connection (RFC 9110 §7.6.1) and that `passes` lets through,
 * which is asked by the merged name: whatever it refuses under a name, it refuses under every twin of it.
 * Twins of hop-by-hop fields and of the length go no further either.
 */
export function endToEnd(
  lines: readonly HeaderLine[],
  passes: (merged: string, line: HeaderLine) => boolean,
): HeaderLine[] {
  const named = namedByConnection(lines);
  const kept: HeaderLine[] = [];
  for (const line of lines) {
    const name = line[0];
    const merged = mergedName(name);
    if (hopByHop.has(merged) || (merged === "content-length" && name !== merged)) continue;
    if (named.has(name) && !isKept(merged)) continue;
    if (passes(merged, line)) kept.push(line);
  }
  return kept;
}

/** The opposite of `pairLines`. */
export function flatLines(lines: readonly HeaderLine[]): string[] {
  const flat: string[] = [];
  for (const line of lines) flat.push(line[0], line[1]);
  return flat;
}

/** Pairs up a flat list of names and values, as node:http and undici give them; names in lower case. */
export function pairLines(flat: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    lines.push([(flat[at] ?? "").toLowerCase(), flat[at + 1] ?? ""]);
  }
  return lines;
}
