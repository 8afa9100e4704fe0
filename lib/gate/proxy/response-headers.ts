import { type HeaderLine, internalHeaderPrefix, mergedName } from "@/lib/domain/forwarded-headers";
import { setsOwnCookie } from "@/lib/domain/own-cookies";
import type { BothSides } from "@/lib/domain/reverse-url";
import { endToEnd, valuesOf } from "../messages";
import { withCallerUrls } from "./answer-urls";

/** Rules for one product's shared caches, such as `Cloudflare-CDN-Cache-Control` (RFC 9213). */
function isTargetedCacheControl(name: string): boolean {
  return name.length > 13 && name.endsWith("-cache-control");
}

/** Directives that let a shared cache keep an answer, or do nothing beside `private`. */
const shared: ReadonlySet<string> = new Set(["public", "s-maxage", "proxy-revalidate", "private"]);

// RFC 9111 §5.2: a token, and for some a token or a quoted text.
const directive =
  /\s*([!#$%&'*+.^_`|~0-9a-z-]+)(?:=(?:"(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~0-9a-z-]*))?\s*(?:,|$)|\s*,/iy;

/** `Cache-Control` for one caller's own cache; what cannot be read says no more than that. */
function forOneCaller(value: string): string {
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

/** Whoever presents another token, or none, must ask again. */
const varyByToken: HeaderLine = ["vary", "Client-Token"];

const privately: HeaderLine = ["cache-control", "private"];

/**
 * Makes an answer one that only its caller's own cache may keep: its URL is a credential, and a second one
 * may be demanded, today or tomorrow (compare RFC 9111 §3.5). `no-store` stays.
 */
export function forPrivateCaches(lines: readonly HeaderLine[]): HeaderLine[] {
  const rules = valuesOf(lines, "cache-control");
  if (rules.length === 0) return [...lines, privately, varyByToken];
  const others = lines.filter(([name]) => name !== "cache-control");
  return [...others, ["cache-control", forOneCaller(rules.join(", "))], varyByToken];
}

/** Why a request was not answered by the upstream; only the gate may say so. */
export const reasonHeader = "latchkey-reason";

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

/** What every instance answer carries on the dashboard's origin: no script, no guessing of types. */
export const sharedOriginHeaders: readonly HeaderLine[] = [
  ["content-security-policy", "sandbox; default-src 'none'"],
  ["x-content-type-options", "nosniff"],
];

/** How an answer is to be told. */
export interface AnswerOptions {
  /** Instances have an origin of their own, so the dashboard is not on it. */
  readonly ownOrigin: boolean;
  /** Both sides of the request to an instance; null for an answer of the dashboard, which passes as it is. */
  readonly sides: BothSides | null;
}

/** The fields of an upstream's head or trailers that may pass, in the caller's words; lines in order. */
function passingFields(
  lines: readonly HeaderLine[],
  { ownOrigin, sides }: AnswerOptions,
): readonly HeaderLine[] {
  const chunked = lines.some(([name]) => name === "transfer-encoding");
  const dropped = ownOrigin ? stayHere : stayHereOnSharedOrigin;
  const kept = endToEnd(lines, (name, [, value]) => {
    if (name === reasonHeader || name.startsWith(internalHeaderPrefix)) return false;
    // With Transfer-Encoding, a Content-Length means nothing and may be an attack (RFC 9112 §6.3).
    if (name === "content-length" && chunked) return false;
    // The dashboard alone sets Latchkey's cookies.
    if (sides !== null && /^set-cookie2?$/.test(name) && setsOwnCookie(value)) return false;
    return sides === null || !(dropped.has(name) || isTargetedCacheControl(name));
  });
  return sides === null ? kept : withCallerUrls(kept, sides);
}

/** The headers a client gets from an upstream's answer; only its own cache may keep it. */
export function clientHeaders(lines: readonly HeaderLine[], options: AnswerOptions): HeaderLine[] {
  const passing = passingFields(lines, options);
  if (options.sides === null) return [...passing];
  const headers = forPrivateCaches(passing);
  if (!options.ownOrigin) headers.push(...sharedOriginHeaders);
  return headers;
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
function readsTrailers(requestHeaders: readonly HeaderLine[]): boolean {
  return valuesOf(requestHeaders, "te").some((value) => /(?:^|,)\s*trailers\s*(?:$|[,;])/i.test(value));
}

/** Which of an upstream's trailer fields a client gets: those it could have got as headers, if it wants any. */
export function clientTrailers(
  requestHeaders: readonly HeaderLine[],
  lines: readonly HeaderLine[],
  options: AnswerOptions,
): readonly HeaderLine[] {
  if (!readsTrailers(requestHeaders)) return [];
  const usable = lines.filter(([name]) => !headOnly.has(mergedName(name)));
  return passingFields(usable, options);
}
