import type { FieldErrorCode } from "./errors";
import { isPublicAddress } from "./upstream-address";

/** An upstream base URL that may be stored, or why it may not. */
export type UpstreamUrl =
  | { readonly ok: true /** Normalised, without a trailing slash. */; readonly url: string }
  | { readonly ok: false; readonly code: FieldErrorCode };

/** Longest upstream URL, in characters. */
export const upstreamUrlMaxLength = 2048;

const privateName = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i;

function refused(code: FieldErrorCode): UpstreamUrl {
  return { ok: false, code };
}

/** The host as `node:net` wants it: an IPv6 address without its brackets. */
export function bareHost(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

function isLiteralAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * A URL, or null for a text that is none. Not by `URL.canParse`: once Node.js 20 has compiled it for speed, it
 * takes letters of Latin-1 for broken bytes and refuses them.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/**
 * Checks a tenant's upstream base URL: http or https, no credentials, no query, no fragment, and no
 * address or name of a private network. A name that resolves to one is refused when connecting, since
 * only then is the address known.
 *
 * @param options.allowPrivate skips the check of the address (`ALLOW_PRIVATE_UPSTREAMS`)
 */
export function parseUpstreamUrl(text: string, options: { allowPrivate: boolean }): UpstreamUrl {
  const given = text.trim();
  if (given === "") return refused("required");
  if (given.length > upstreamUrlMaxLength) return refused("too_long");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1]?.toLowerCase();
  if (scheme === undefined) return refused("url_invalid");
  if (scheme !== "http" && scheme !== "https") return refused("url_scheme");
  // The URL parser drops or turns these silently; what is stored must be what was typed.
  const url = /[^\x21-\uffff]|\\/.test(given) ? null : parseUrl(given);
  if (url === null) return refused("url_invalid");
  if (url.username !== "" || url.password !== "" || /^https?:\/\/[^/?#]*@/i.test(given))
    return refused("url_credentials");
  if (/[?#]/.test(given)) return refused("url_query");
  if (url.port === "0") return refused("url_invalid");
  if (!options.allowPrivate) {
    const host = bareHost(url.hostname);
    if (isLiteralAddress(url.hostname) ? !isPublicAddress(host) : privateName.test(host))
      return refused("url_private");
  }
  return { ok: true, url: url.origin + url.pathname.replace(/\/+$/, "") };
}
