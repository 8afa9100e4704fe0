import { type HeaderLine, internalHeaderPrefix } from "@/lib/domain/forwarded-headers";
import { setsOwnCookie } from "@/lib/domain/own-cookies";
import { endToEnd } from "./header-lines";

/** Why a request was not answered by the upstream; only the gate may say so. */
export const reasonHeader = "latchkey-reason";

/** Fields by which an upstream could act on the dashboard when both share an origin. */
const harmfulOnSharedOrigin: ReadonlySet<string> = new Set([
  // Cookies and stored data of the dashboard.
  "set-cookie",
  "set-cookie2",
  "clear-site-data",
  "set-login",
  "activate-storage-access",
  // Scripts that outlive the page.
  "service-worker-allowed",
  // Replaced by our own below.
  "content-security-policy",
  "content-security-policy-report-only",
  "x-content-type-options",
  // Reads by other sites with the dashboard's cookies.
  "access-control-allow-credentials",
  // Rules for the whole host: transport, reporting of its requests, other servers for it.
  "strict-transport-security",
  "public-key-pins",
  "nel",
  "report-to",
  "reporting-endpoints",
  "alt-svc",
]);

/** What every instance answer carries on the dashboard's origin: no script, no guessing of types. */
export const sharedOriginHeaders: readonly HeaderLine[] = [
  ["content-security-policy", "sandbox; default-src 'none'"],
  ["x-content-type-options", "nosniff"],
];

/** Where an answer comes from and goes to. */
export interface AnswerOrigin {
  /** The client called an origin of the instances' own. */
  readonly ownOrigin: boolean;
  /** The dashboard answers: it alone sets Latchkey's cookies. */
  readonly fromDashboard?: boolean;
}

/**
 * The headers a client gets from an upstream's answer, lines kept apart and in order. On an origin of
 * their own, answers pass as they are but for hop-by-hop fields and what only the gate or the dashboard may set.
 */
export function clientHeaders(lines: readonly HeaderLine[], options: AnswerOrigin): HeaderLine[] {
  const { ownOrigin, fromDashboard = false } = options;
  const chunked = lines.some(([name]) => name === "transfer-encoding");
  const kept = endToEnd(lines, (name, [, value]) => {
    if (name === reasonHeader || name.startsWith(internalHeaderPrefix)) return false;
    // With Transfer-Encoding, a Content-Length means nothing and may be an attack (RFC 9112 §6.3).
    if (name === "content-length" && chunked) return false;
    if (!fromDashboard && /^set-cookie2?$/.test(name) && setsOwnCookie(value)) return false;
    return ownOrigin || !harmfulOnSharedOrigin.has(name);
  });
  if (!ownOrigin) kept.push(...sharedOriginHeaders);
  return kept;
}
