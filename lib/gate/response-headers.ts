import { type HeaderLine, internalHeaderPrefix } from "@/lib/domain/forwarded-headers";
import { setsOwnCookie } from "@/lib/domain/own-cookies";
import type { BothSides } from "@/lib/domain/reverse-url";
import { forPrivateCaches, isTargetedCacheControl } from "./answer-caching";
import { withCallerUrls } from "./answer-urls";
import { endToEnd } from "./header-lines";

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
export function passingFields(
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
