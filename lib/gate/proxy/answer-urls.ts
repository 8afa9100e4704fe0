import { tokenPattern } from "@/lib/domain/forwarded-headers";
import {
  type BothSides,
  isUpstreamOrigin,
  toCallerCookiePath,
  toCallerText,
  toCallerUrl,
} from "@/lib/domain/reverse-url";

/** Translates the value of a field into the caller's terms; null drops the line. */
type Telling = (value: string, sides: BothSides) => string | null;

/** `Refresh: 5; url=/x`, read as HTML reads it. */
const refresh: Telling = (value, sides) => {
  const [, seconds, quoted] = /^([\s\d.]*)[;,\s]\s*(?:url\s*=\s*)?(.+)$/is.exec(value) ?? [];
  if (seconds === undefined || quoted === undefined) return value;
  const quote = /^["']/.exec(quoted)?.[0];
  const url = quote === undefined ? quoted : (quoted.slice(1).split(quote)[0] ?? "");
  const translated = toCallerUrl(url, sides);
  if (translated === null) return null;
  return translated === url ? value : `${seconds.trim()}; url=${translated}`;
};

// RFC 8288 §3, in pieces, so that no value takes long to read.
const linkToken = /<[^>]*>|"(?:[^"\\]|\\.)*"|[,;=]|[ \t]+|[^\s<>",;=]+/y;

function tokensOf(value: string): string[] {
  const tokens: string[] = [];
  linkToken.lastIndex = 0;
  for (let found = linkToken.exec(value); found; found = linkToken.exec(value)) tokens.push(found[0]);
  const readable = tokens.join("").length === value.length;
  // The link in which reading ended is none.
  return readable ? tokens : tokens.slice(0, tokens.lastIndexOf(",") + 1);
}

function splitAt(tokens: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const token of tokens) {
    if (token === separator) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** A parameter of a link; empty for one that is left out, null when the link cannot be translated with it. */
function translateParameter(tokens: readonly string[], sides: BothSides): string | null {
  const [name = "", equals = "=", value = "", more] = tokens.filter((token) => token.trim() !== "");
  if (name === "") return "";
  if (!tokenPattern.test(name) || equals !== "=" || value.startsWith("<") || more !== undefined) return null;
  // Lists of further targets; without them the one in angle brackets counts.
  if (/^image(?:srcset|sizes)$/i.test(name)) return "";
  if (!/^anchor\*?$/i.test(name)) return `;${tokens.join("")}`;
  // What the link is a link of.
  const url = value.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1");
  const translated = name.endsWith("*") ? null : toCallerUrl(url, sides);
  if (translated === null || translated.includes('"')) return null;
  return translated === url ? `;${tokens.join("")}` : `; ${name}="${translated}"`;
}

/** Each link on its own: one that cannot be read or translated leaves the list. */
const link: Telling = (value, sides) => {
  const links = splitAt(tokensOf(value), ",").flatMap((tokens): string[] => {
    const [target = [], ...parameters] = splitAt(tokens, ";");
    const [, reference] = /^\s*<([^<>]*)>\s*$/.exec(target.join("")) ?? [];
    const url = reference === undefined ? null : toCallerUrl(reference, sides);
    const translated = parameters.map((parameter) => translateParameter(parameter, sides));
    return url === null || translated.includes(null) ? [] : [`<${url}>${translated.join("")}`];
  });
  return links.length === 0 ? null : links.join(", ");
};

/** Without `Domain`: a cookie is for the gate's host alone, and on it for this instance alone. */
const setCookie: Telling = (value, sides) => {
  const [pair = "", ...attributes] = value.split(";");
  const nameOf = (attribute: string) => attribute.split("=")[0]?.trim().toLowerCase();
  const path = attributes.findLast((attribute) => nameOf(attribute) === "path");
  const translated = toCallerCookiePath(path?.replace(/^[^=]*=?\s*/, "").trim() ?? null, sides);
  const kept = attributes.filter((attribute) => !["path", "domain"].includes(nameOf(attribute) ?? ""));
  return translated === null ? null : [pair, ...kept, ` Path=${translated}`].join(";");
};

/** Origins that may read an answer; the upstream's own is the caller's own, which needs no leave. */
const origins: Telling = (value, sides) => {
  const kept = value.split(",").filter((origin) => !isUpstreamOrigin(origin, sides));
  return kept.length === 0 ? null : kept.join(",").trim();
};

/** Without where to report to: reports name the page, and the instance token is in its URL. */
const contentSecurityPolicy: Telling = (value, sides) => {
  const kept = value.split(";").filter((directive) => !/^\s*report-(?:uri|to)\b/i.test(directive));
  return toCallerText(kept.join(";"), sides);
};

const byName: ReadonlyMap<string, Telling> = new Map<string, Telling>([
  ["location", toCallerUrl],
  ["content-location", toCallerUrl],
  ["sourcemap", toCallerUrl],
  ["x-sourcemap", toCallerUrl],
  ["refresh", refresh],
  ["link", link],
  ["set-cookie", setCookie],
  ["access-control-allow-origin", origins],
  ["timing-allow-origin", origins],
  ["content-security-policy", contentSecurityPolicy],
  // What libraries in web pages follow; the first is a URL, or an object with URLs in it.
  ["hx-location", (value, sides) => (value.startsWith("{") ? toCallerText : toCallerUrl)(value, sides)],
  ["hx-push-url", toCallerUrl],
  ["hx-redirect", toCallerUrl],
  ["hx-replace-url", toCallerUrl],
  ["turbo-location", toCallerUrl],
  ["x-inertia-location", toCallerUrl],
  ["x-pingback", toCallerUrl],
  ["x-pjax-url", toCallerUrl],
]);

/** Fields in which URLs are names, not places. */
const naming: ReadonlySet<string> = new Set(["etag", "content-type"]);

/**
 * Tells what a field of an answer says of the upstream's URLs into the caller's terms, so that nobody who
 * follows them goes past the gate or learns where the upstream is.
 *
 * @returns null for what cannot be translated: the line is dropped
 */
export function toCallerValue(name: string, value: string, sides: BothSides): string | null {
  const telling = byName.get(name);
  if (telling) return telling(value, sides);
  if (!value.includes("//") || naming.has(name)) return value;
  if (value.startsWith("//")) return toCallerUrl(value, sides);
  return value.includes("://") ? toCallerText(value, sides) : value;
}
