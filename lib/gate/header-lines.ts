import type { HeaderLine } from "@/lib/domain/forwarded-headers";

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
  return lines.filter(([key]) => key === name).map(([, value]) => value);
}

/** Drops the hop-by-hop fields, including those that `Connection` names. */
export function withoutHopByHop(lines: readonly HeaderLine[]): HeaderLine[] {
  const named = new Set(
    valuesOf(lines, "connection").flatMap((value) =>
      value.split(",").map((name) => name.trim().toLowerCase()),
    ),
  );
  // A client must not be able to make the gate lose the length of the body it sends.
  named.delete("content-length");
  return lines.filter(([name]) => !hopByHop.has(name) && !named.has(name));
}

/** Pairs up a flat list of names and values, as node:http and undici give them; names in lower case. */
export function pairLines(flat: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    lines.push([(flat[at] ?? "").toLowerCase(), flat[at + 1] ?? ""]);
  }
  return lines;
}
