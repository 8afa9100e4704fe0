import { isOurField, mergedName } from "@/lib/domain/forwarded-headers";

/** RFC 9110 §5.6.2: token. */
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** RFC 9110 §5.5, US-ASCII only: bytes above that mean different things to different servers. */
const valuePattern = /^[\t\x20-\x7e]+$/;

/** Longest value, in characters. */
export const headerValueMaxLength = 4096;

/** Headers that the gate or HTTP itself decides for each request or connection; a stored one could only be wrong. */
const reserved = new Set([
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
 * True for a name that an owner cannot set, and for its twins. `Cookie` can be, and `Client-Token`, which many
 * upstreams demand themselves: both go to the owner's own upstream only, and a caller's never gets there.
 */
export function isReservedHeader(name: string): boolean {
  const merged = mergedName(name.toLowerCase());
  return reserved.has(merged) || merged.startsWith("sec-websocket-") || isOurField(merged);
}

/** True for a value that every server reads alike; CR, LF and NUL are never in it. */
export function isHeaderValue(value: string): boolean {
  return valuePattern.test(value);
}
