import { internalHeaderPrefix } from "@/lib/domain/forwarded-headers";
import { setsOwnCookie } from "@/lib/domain/own-cookies";
import type { BothSides } from "@/lib/domain/reverse-url";
import {
  type HeaderList,
  type HeaderRecord,
  hasField,
  headerField,
  isEndToEnd,
  linesOf,
  namedByConnection,
  reasonHeader,
  sharedOriginHeaders,
  valuesOf,
} from "../headers";
import { toCallerValue } from "./answer-urls";

/** Rules for one product's shared caches, such as `Cloudflare-CDN-Cache-Control` (RFC 9213). */
function isTargetedCacheControl(name: string): boolean {
  return name.length > 13 && name.endsWith("-cache-control");
}

/** Directives that let a shared cache keep an answer, or do nothing beside `private`. */
const shared: ReadonlySet<string> = new Set(["public", "s-maxage", "proxy-revalidate", "private"]);

// RFC 9111 §5.2: a token, and for some a token or a quoted text.
const directive =
  /\s*([!#$%&'*+.^_`|~0-9a-z-]+)(?:=(?:"(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~0-9a-z-]*))?\s*(?:,|$)|\s*,/iy;

/**
 * `Cache-Control` for the caller's own cache alone: the answer's URL is a credential, and a second one may be
 * demanded, today or tomorrow (compare RFC 9111 §3.5). `no-store` stays; what cannot be read says no more.
 */
export function forOneCaller(value: string): string {
  const kept: string[] = [];
  const names = new Set<string>();
  directive.lastIndex = 0;
  while (directive.lastIndex < value.length) {
    const found = directive.exec(value);
    if (!found) return "private, no-store";
    const name = found[1]?.toLowerCase();
    if (name === undefined || shared.has(name)) continue;
    names.add(name);
    kept.push(found[0].replace(/,$/, "").trim());
  }
  // With `must-understand`, a cache may set `no-store` aside (RFC 9111 §5.2.2.3).
  const closed = names.has("no-store") && !names.has("must-understand");
  return [...(closed ? [] : ["private"]), ...kept].join(", ");
}

/** Fields that no upstream may say on the gate's host, which is not its own and which others share. */
const neverFromUpstreams = [
  // Cookies and stored data of the whole host, of the dashboard on a host beside it too.
  "set-cookie2",
  "clear-site-data",
  // Rules for the whole host: transport, reports of its requests (with their tokens), other servers for it.
  "strict-transport-security",
  "public-key-pins",
  "public-key-pins-report-only",
  "expect-ct",
  "nel",
  "report-to",
  "reporting-endpoints",
  "content-security-policy-report-only",
  "alt-svc",
  // Rules for paths beyond the instance's.
  "speculation-rules",
  "use-as-dictionary",
  // Orders to a server in front: to send a file, or the answer of another URL, in this one's place.
  "x-accel-redirect",
  "x-sendfile",
  "x-lighttpd-send-file",
  "x-lighttpd-send-tempfile",
  "x-reproxy-url",
  "x-reproxy-file",
  // Given up long before RFC 9110; it held URLs.
  "uri",
  // Leave for caches that callers share, past Cache-Control.
  "surrogate-control",
  "edge-control",
  "x-accel-expires",
];

/** Fields by which an upstream could act on the dashboard when both share an origin. */
const harmfulOnSharedOrigin = [
  // Cookies and sign-ins of the dashboard.
  "set-cookie",
  "set-login",
  "activate-storage-access",
  // Scripts that outlive the page.
  "service-worker-allowed",
  // Replaced by our own below.
  "content-security-policy",
  "x-content-type-options",
  // Reads by other sites with the dashboard's cookies.
  "access-control-allow-credentials",
];

const stayHere: ReadonlySet<string> = new Set(neverFromUpstreams);
const stayHereOnSharedOrigin: ReadonlySet<string> = new Set([
  ...neverFromUpstreams,
  ...harmfulOnSharedOrigin,
]);

/** How an answer is to be told. */
export interface AnswerOptions {
  /** Instances have an origin of their own, so the dashboard is not on it. */
  readonly ownOrigin: boolean;
  /** Both sides of the request to an instance; null for an answer of the dashboard, which passes as it is. */
  readonly sides: BothSides | null;
  /** A header besides Client-Token that may have brought the account's token; null: none. */
  readonly tokenHeader: string | null;
}

/** Whether a line of an instance's answer may pass. */
function mayPass(name: string, value: string, ownOrigin: boolean): boolean {
  if ((ownOrigin ? stayHere : stayHereOnSharedOrigin).has(name) || isTargetedCacheControl(name)) return false;
  // The dashboard alone sets Latchkey's cookies.
  return name !== "set-cookie" || !setsOwnCookie(value);
}

/** The fields of an upstream's head or trailers that may pass, in the caller's words; lines in order. */
function passingLines(lines: HeaderList, { ownOrigin, sides }: AnswerOptions): string[] {
  const named = namedByConnection(lines);
  const chunked = hasField(lines, "transfer-encoding");
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const field = headerField(lines[at] ?? "");
    const { name, merged } = field;
    const value = lines[at + 1] ?? "";
    if (!isEndToEnd(field, named) || merged === reasonHeader || merged.startsWith(internalHeaderPrefix))
      continue;
    // With Transfer-Encoding, a Content-Length means nothing and may be an attack (RFC 9112 §6.3).
    if (merged === "content-length" && chunked) continue;
    if (sides === null) {
      kept.push(name, value);
      continue;
    }
    const told = mayPass(merged, value, ownOrigin) ? toCallerValue(name, value, sides) : null;
    if (told !== null) kept.push(name, told);
  }
  return kept;
}

/** The headers a client gets from an upstream's answer; only its own cache may keep it. */
function clientHeaders(lines: HeaderList, options: AnswerOptions): string[] {
  const passing = passingLines(lines, options);
  if (options.sides === null) return passing;
  const rules = valuesOf(passing, "cache-control");
  const headers = rules.length === 0 ? passing : without(passing, "cache-control");
  headers.push("cache-control", rules.length === 0 ? "private" : forOneCaller(rules.join(", ")));
  // Whoever presents another token, or none, must ask again.
  headers.push(
    "vary",
    options.tokenHeader === null ? "Client-Token" : `Client-Token, ${options.tokenHeader}`,
  );
  if (!options.ownOrigin) headers.push(...sharedOriginHeaders);
  return headers;
}

function without(lines: HeaderList, name: string): string[] {
  return lines.filter((_, at) => lines[at - (at % 2)] !== name);
}

/** The head of an upstream's answer as a client gets it. */
export interface ResponseHead {
  readonly status: number;
  /** Empty when the standard phrase will do. */
  readonly statusText: string;
  readonly headers: HeaderList;
}

/** Statuses without a body, whatever the headers say (RFC 9110 §6.4.1, §15.3.6). */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/** Their length could only be 0, so one that says otherwise must not reach a client that waits for it. */
const lengthless: ReadonlySet<number> = new Set([204, 205]);

/** A reason phrase that can be sent again (RFC 9112 §4); it means nothing, so it may as well be left out. */
const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;

/** An answer that cannot be passed on as it is. */
export class UnusableAnswer extends Error {
  override name = "UnusableAnswer";
  readonly code = "UNUSABLE_ANSWER";
}

/** True when an answer with this status to this method has a body (RFC 9112 §6.3). */
export function hasBody(method: string, status: number): boolean {
  return method !== "HEAD" && !bodyless.has(status);
}

/**
 * Turns the head of an upstream's answer into what the client gets.
 *
 * @throws UnusableAnswer for a coding other than chunked: it would pass as content, since the gate never
 *   asked for one (`TE`)
 */
export function responseHead(
  status: number,
  statusText: string,
  fields: HeaderRecord,
  options: AnswerOptions,
): ResponseHead {
  const coding = fields["transfer-encoding"];
  if (coding !== undefined && [coding].join().trim().toLowerCase() !== "chunked")
    throw new UnusableAnswer("the upstream used a transfer coding it was not asked for");
  const lines = linesOf(fields);
  const kept = lengthless.has(status) ? without(lines, "content-length") : lines;
  const headers = clientHeaders(kept, options);
  // Unlike 204, this one has to say that it is empty (RFC 9110 §15.3.6).
  if (status === 205) headers.push("content-length", "0");
  return { status, statusText: reasonPhrase.test(statusText) ? statusText : "", headers };
}

/** Fields that must not come after a body, because they had to be acted on before it (RFC 9110 §6.5.1). */
const headOnly: ReadonlySet<string> = new Set([
  "authorization",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "host",
  "location",
  "set-cookie",
  "vary",
  "www-authenticate",
]);

/** True when a client said that it reads trailers (`TE: trailers`, RFC 9110 §10.1.4). */
function readsTrailers(requestHeaders: HeaderList): boolean {
  return valuesOf(requestHeaders, "te").some((value) => /(?:^|,)\s*trailers\s*(?:$|[,;])/i.test(value));
}

/** Which of an upstream's trailer fields a client gets: those it could have got as headers, if it wants any. */
export function clientTrailers(
  requestHeaders: HeaderList,
  trailers: HeaderRecord,
  options: AnswerOptions,
): HeaderList {
  if (!readsTrailers(requestHeaders)) return [];
  const lines = linesOf(trailers);
  const usable = lines.filter((_, at) => !headOnly.has(headerField(lines[at - (at % 2)] ?? "").merged));
  return passingLines(usable, options);
}
