import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import {
  type BothSides,
  isUpstreamOrigin,
  toCallerCookiePath,
  toCallerText,
  toCallerUrl,
} from "@/lib/domain/reverse-url";
import { tokenPattern } from "./header-lines";

/** Tells the value of a field in the caller's words; null drops the line. */
type Telling = (value: string, sides: BothSides) => string | null;

/** `Refresh: 5; url=/x`, read as HTML reads it. */
const refresh: Telling = (value, sides) => {
  const [, seconds, quoted] = /^([\s\d.]*)[;,\s]\s*(?:url\s*=\s*)?(.+)$/is.exec(value) ?? [];
  if (seconds === undefined || quoted === undefined) return value;
  const quote = /^["']/.exec(quoted)?.[0];
  const url = quote === undefined ? quoted : (quoted.slice(1).split(quote)[0] ?? "");
  const told = toCallerUrl(url, sides);
  if (told === null) return null;
  return told === url ? value : `${seconds.trim()}; url=${told}`;
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

/** A parameter of a link; empty for one that is left out, null when the link cannot be told with it. */
function tellParameter(tokens: readonly string[], sides: BothSides): string | null {
  const [name = "", equals = "=", value = "", more] = tokens.filter((token) => token.trim() !== "");
  if (name === "") return "";
  if (!tokenPattern.test(name) || equals !== "=" || value.startsWith("<") || more !== undefined) return null;
  // Lists of further targets; without them the one in angle brackets counts.
  if (/^image(?:srcset|sizes)$/i.test(name)) return "";
  if (!/^anchor\*?$/i.test(name)) return `;${tokens.join("")}`;
  // What the link is a link of.
  const url = value.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1");
  const told = name.endsWith("*") ? null : toCallerUrl(url, sides);
  if (told === null || told.includes('"')) return null;
  return told === url ? `;${tokens.join("")}` : `; ${name}="${told}"`;
}

/** Each link on its own: one that cannot be read or told leaves the list. */
const link: Telling = (value, sides) => {
  const links = splitAt(tokensOf(value), ",").flatMap((tokens): string[] => {
    const [target = [], ...parameters] = splitAt(tokens, ";");
    const [, reference] = /^\s*<([^<>]*)>\s*$/.exec(target.join("")) ?? [];
    const url = reference === undefined ? null : toCallerUrl(reference, sides);
    const told = parameters.map((parameter) => tellParameter(parameter, sides));
    return url === null || told.includes(null) ? [] : [`<${url}>${told.join("")}`];
  });
  return links.length === 0 ? null : links.join(", ");
};

/** Without `Domain`: a cookie is for the gate's host alone, and on it for this instance alone. */
const setCookie: Telling = (value, sides) => {
  const [pair = "", ...attributes] = value.split(";");
  const nameOf = (attribute: string) => attribute.split("=")[0]?.trim().toLowerCase();
  const path = attributes.findLast((attribute) => nameOf(attribute) === "path");
  const told = toCallerCookiePath(path?.replace(/^[^=]*=?\s*/, "").trim() ?? null, sides);
  const kept = attributes.filter((attribute) => !["path", "domain"].includes(nameOf(attribute) ?? ""));
  return told === null ? null : [pair, ...kept, ` Path=${told}`].join(";");
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

function tell([name, value]: HeaderLine, sides: BothSides): string | null {
  const telling = byName.get(name);
  if (telling) return telling(value, sides);
  if (naming.has(name)) return value;
  if (value.startsWith("//")) return toCallerUrl(value, sides);
  return value.includes("://") ? toCallerText(value, sides) : value;
}

/**
 * Tells what an answer's fields say of the upstream's URLs in the caller's words, so that nobody who follows
 * them goes past the gate or learns where the upstream is. What cannot be told is dropped.
 *
 * @returns the same list when there was nothing to tell
 */
export function withCallerUrls(lines: readonly HeaderLine[], sides: BothSides): readonly HeaderLine[] {
  // Nearly all lines of nearly all answers hold none, so nothing is made before one does.
  let kept: HeaderLine[] | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as HeaderLine;
    if (!byName.has(line[0]) && !line[1].includes("//")) {
      kept?.push(line);
      continue;
    }
    kept ??= lines.slice(0, at);
    const told = tell(line, sides);
    if (told !== null) kept.push(told === line[1] ? line : [line[0], told]);
  }
  return kept ?? lines;
}
