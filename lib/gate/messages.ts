import type { Readable } from "node:stream";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import {
  forwardedHeaders,
  type HeaderLine,
  isOurField,
  mergedName,
  safeHost,
} from "@/lib/domain/forwarded-headers";
import { parseRequestPath } from "@/lib/domain/instance-url";
import { classifyPresentedToken, type PresentedToken } from "@/lib/domain/presented-token";

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

/** A request to an instance, independent of the server that received it. */
export interface GateRequest {
  readonly id: string;
  /** As sent; RFC 9110 §9.1 makes methods case-sensitive. */
  readonly method: string;
  /** The request target as received, one character for each byte. */
  readonly target: string;
  /** Every header line in order, names in lower case, values one character for each byte. */
  readonly headers: readonly HeaderLine[];
  /** null when the request has no body (RFC 9112 §6.3), which is not the same as an empty one. */
  readonly body: Readable | null;
  /** True when the request has a body that the server it came through cannot hand on. */
  readonly bodyOutOfReach: boolean;
  /** Fires when the client is gone. */
  readonly signal: AbortSignal;
  readonly clientAddress: string | null;
  /** Host the client asked for; null when none fit for a header was named. */
  readonly host: string | null;
  readonly protocol: "http" | "https";
  /** What its connection remembers of the request before; absent where connections are not known. */
  readonly memo?: ConnectionMemo;
}

/** An answer, independent of the server that sends it. */
export interface GateResponse {
  readonly status: number;
  /** Empty when the standard phrase will do. */
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
  /** A string is a whole body, a stream is passed on as it comes; null means none. */
  readonly body: Readable | string | null;
}

/** An answer that is complete, as errors and the echo are. */
export interface WholeResponse extends GateResponse {
  readonly body: string | null;
}

/** A presented token, judged by its form, and its digest where it has the right one. */
interface JudgedToken {
  readonly presented: PresentedToken;
  readonly digest: Buffer | null;
}

/** Judges the lines of the `Client-Token` header. */
export function judgeToken(lines: readonly string[]): JudgedToken {
  const presented = classifyPresentedToken(lines);
  return { presented, digest: presented.kind === "well_formed" ? clientTokenDigest(presented.value) : null };
}

/** Remembers the last argument and result of a pure function. */
function rememberLast<K, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last === undefined || last.key !== key) last = { key, value: compute(key) };
    return last.value;
  };
}

/**
 * What was computed for the last request of a connection, because the next is mostly like it: digests above
 * all. Never shared between connections, so that no time tells anybody about a token that is not theirs.
 */
export class ConnectionMemo {
  readonly path = rememberLast(parseRequestPath);
  readonly instanceDigest = rememberLast(instanceTokenDigest);
  readonly token = rememberLast((line: string) => judgeToken([line]));
  readonly host = rememberLast(safeHost);
  readonly #forwarded = rememberLast((key: string): readonly HeaderLine[] => {
    const [address = "", host = "", protocol = ""] = key.split(" ");
    return forwardedHeaders({
      address: address || null,
      host: host || null,
      protocol: protocol === "https" ? "https" : "http",
    });
  });

  /** As `forwardedHeaders`. Neither an address nor a host contains a space. */
  forwarded(address: string | null, host: string | null, protocol: "http" | "https"): readonly HeaderLine[] {
    return this.#forwarded(`${address ?? ""} ${host ?? ""} ${protocol}`);
  }
}
