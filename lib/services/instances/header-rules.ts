import { isOurField, mergedName } from "@/lib/domain/forwarded-headers";

/** RFC 9110 §5.6.2: token. */
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** RFC 9110 §5.5, US-ASCII only: bytes above that mean different things to different servers. */
const valuePattern = /^[\t\x20-\x7e]+$/;

/** Longest value, in characters. */
export const headerValueMaxLength = 4096;

/** Headers that the gate or HTTP itself is responsible for. */
const reserved = new Set([
  "client-token",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** True for a name that HTTP allows. */
export function isHeaderName(name: string): boolean {
  return namePattern.test(name);
}

/**
 * True for a name that an owner cannot set, and for its twins. `Cookie` can be: it goes to the owner's own
 * upstream only.
 */
export function isReservedHeader(name: string): boolean {
  const merged = mergedName(name.toLowerCase());
  return reserved.has(merged) || isOurField(merged);
}

/** True for a value that every server reads alike; CR, LF and NUL are never in it. */
export function isHeaderValue(value: string): boolean {
  return valuePattern.test(value);
}
