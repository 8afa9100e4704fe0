import ipaddr from "ipaddr.js";
import type { Origin } from "./actor";
import { seenText } from "./seen-text";

/** Longest user agent kept, in characters. */
export const userAgentMaxLength = 256;

const productMaxLength = 40;

/** Bytes of a header that are looked at: enough for the characters that are kept. */
const mostBytes = 4 * userAgentMaxLength;

/** Names people know, found anywhere in the text; the first that fits wins, so specific ones come first. */
const known: readonly (readonly [pattern: RegExp, product: string])[] = [
  [/\bn8n\b/i, "n8n"],
  [/\bzapier\b/i, "Zapier"],
  [/^(?:make|integromat)\b/i, "Make"],
  [/\bpostmanruntime\b/i, "Postman"],
  [/\binsomnia\b/i, "Insomnia"],
  [/^curl\b|\blibcurl\b/i, "curl"],
  [/^wget\b/i, "Wget"],
  [/^httpie\b/i, "HTTPie"],
  [/^python-requests\b/i, "python-requests"],
  [/^python-httpx\b/i, "python-httpx"],
  [/^python-urllib\b/i, "python-urllib"],
  [/\baiohttp\b/i, "aiohttp"],
  [/^axios\b/i, "axios"],
  [/^node-fetch\b/i, "node-fetch"],
  [/^got\b/i, "got"],
  [/^(?:node|undici)(?:$|[/\s])/i, "Node.js"],
  [/^deno\b/i, "Deno"],
  [/^bun\b/i, "Bun"],
  [/^laravel\b/i, "Laravel"],
  [/^guzzlehttp\b/i, "Guzzle"],
  [/^symfony\b/i, "Symfony"],
  [/^okhttp\b/i, "okhttp"],
  [/^go-http-client\b/i, "Go-http-client"],
  [/^apache-httpclient\b/i, "Apache-HttpClient"],
  [/^java(?:-http-client)?\b/i, "Java"],
  [/^(?:ruby|faraday)\b/i, "Ruby"],
  [/^dart\b/i, "Dart"],
  [/^reqwest\b/i, "reqwest"],
  [/^restsharp\b/i, "RestSharp"],
];

// A token as RFC 9110 §5.6.2 has it, and letters and digits of every script, of which some clients name themselves.
const productToken = /^(?:[\w!#$%&'*+.^`|~\p{L}\p{N}-]\p{M}{0,2})+/u;
const robot = /\bcompatible;\s*([\w.-]+)/i;
// What turns text around or hides in it stood between two parts.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const half = /\p{Cs}$/u;

function firstProduct(text: string): string {
  const product = productToken.exec(text)?.[0] ?? "";
  return product.slice(0, productMaxLength).replace(half, "");
}

/**
 * A header is given one character a byte (RFC 9110 §5.5), and clients that send more than ASCII send UTF-8; what is
 * not valid UTF-8 stays as it is.
 */
function decoded(sent: string): string {
  const bytes = sent.slice(0, mostBytes);
  if (!/[\x80-\xff]/.test(bytes) || /[^\0-\xff]/.test(bytes)) return bytes;
  try {
    // The last character may have been cut.
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const octets = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    return decoder.decode(octets, { stream: sent.length > mostBytes });
  } catch {
    return bytes;
  }
}

/** The text of a `User-Agent` header as sent, one character a byte; fit for a table and a page. Total. */
export function readUserAgent(sent: string): string {
  return cleanUserAgent(decoded(sent));
}

/** A user agent fit for a table and a page: as it is seen, at most 256 characters. */
export function cleanUserAgent(raw: string): string {
  return seenText(
    seenText(raw.slice(0, userAgentMaxLength).replace(unprintable, " ")).slice(0, userAgentMaxLength),
  );
}

/**
 * The short name of a client program: `n8n`, `curl`, `Chrome`; where we know none, the first product token
 * (RFC 9110 §10.1.5) without its version; empty where it begins with none. Total; at most 40 characters.
 *
 * @param userAgent as `cleanUserAgent` leaves it; empty gives empty
 */
export function agentProduct(userAgent: string): string {
  if (userAgent === "") return "";
  for (const [pattern, product] of known) if (pattern.test(userAgent)) return product;
  if (!userAgent.startsWith("Mozilla/")) return firstProduct(userAgent);
  return knownBrowser(userAgent) ?? robot.exec(userAgent)?.[1]?.slice(0, productMaxLength) ?? "Browser";
}

/** What a User-Agent header says in two words: the program, and the system when it names one. */
interface BrowserName {
  readonly browser: string | null;
  readonly system: string | null;
}

// In this order: many pretend to be one of those below them.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/\S+.*\bSafari\//, "Safari"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(?:Macintosh|Mac OS X)\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const find = (list: readonly (readonly [RegExp, string])[], text: string): string | null =>
  list.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** The browser that a User-Agent header names; null when it is none that we know. */
function knownBrowser(userAgent: string): string | null {
  return find(browsers, userAgent);
}

/** Reads a User-Agent header for people; the header itself may say anything and is never trusted. */
export function browserName(userAgent: string): BrowserName {
  // Programs introduce themselves by their first product, such as curl/8.5.0.
  const product = /^([A-Za-z][\w.-]{0,30})(?:\/|\s|$)/.exec(userAgent)?.[1] ?? null;
  const browser = knownBrowser(userAgent) ?? (product === "Mozilla" ? null : product);
  return { browser, system: find(systems, userAgent) };
}

/** Bytes of an address that name a network: an IPv4 /24, an IPv6 /48 (what a customer gets, RFC 6177). */
const networkBytes = { ipv4: 3, ipv6: 6 } as const;

function network(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.toByteArray().slice(0, networkBytes[parsed.kind()]).join(".");
}

/**
 * What two sign-ins have in common that look like the same browser on the same line: its name, its system and
 * the network. Versions are left out, because they change by themselves.
 */
export function deviceKey({ address, userAgent }: Origin): string {
  const { browser, system } = browserName(userAgent);
  return [browser ?? "", system ?? "", network(address)].join(" ");
}
