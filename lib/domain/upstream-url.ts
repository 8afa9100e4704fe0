import ipaddr from "ipaddr.js";
import type { FieldErrorCode } from "./errors";

/** An upstream base URL that may be stored, or why it may not. */
type UpstreamUrl =
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

/** Azure's host agent answers on a public address, yet only from inside a virtual machine. */
const cloudHostAgents = new Set(["168.63.129.16"]);

const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && !cloudHostAgents.has(address.toString());
}

function embeddedV4(parts: readonly number[], at: number): ipaddr.IPv4 {
  const high = parts[at] ?? 0;
  const low = parts[at + 1] ?? 0;
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

function isPublicV6(address: ipaddr.IPv6): boolean {
  switch (address.range()) {
    case "unicast":
      return address.match(globalUnicast);
    case "ipv4Mapped":
      return isPublicV4(address.toIPv4Address());
    // NAT64 (RFC 6052): the packet ends at the IPv4 address in the last 32 bits.
    case "rfc6052":
      return isPublicV4(embeddedV4(address.parts, 6));
    // 6to4 (RFC 3056): the packet ends at the IPv4 address behind the prefix.
    case "6to4":
      return isPublicV4(embeddedV4(address.parts, 1));
    default:
      return false;
  }
}

/**
 * True for an address on the public internet. False for private, loopback, link-local, shared (CGNAT),
 * multicast, unspecified, reserved and documentation addresses, cloud metadata services, every IPv6
 * form that carries one of those IPv4 addresses (mapped, NAT64, 6to4), Teredo, and for text that is no
 * address at all (IANA special-purpose registries, RFC 6890).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.kind() === "ipv4" ? isPublicV4(address as ipaddr.IPv4) : isPublicV6(address as ipaddr.IPv6);
}
