import { knownBrowser } from "./browser-name";
import { seenText } from "./seen-text";

/** Longest user agent kept, in characters. */
export const userAgentMaxLength = 256;

const productMaxLength = 40;

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
