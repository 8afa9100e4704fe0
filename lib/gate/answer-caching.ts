import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { valuesOf } from "./header-lines";

/** Rules for one product's shared caches, such as `Cloudflare-CDN-Cache-Control` (RFC 9213). */
export function isTargetedCacheControl(name: string): boolean {
  return name.length > 13 && name.endsWith("-cache-control");
}

/** Directives that let a shared cache keep an answer, or do nothing beside `private`. */
const shared: ReadonlySet<string> = new Set(["public", "s-maxage", "proxy-revalidate", "private"]);

// RFC 9111 §5.2: a token, and for some a token or a quoted text.
const directive =
  /\s*([!#$%&'*+.^_`|~0-9a-z-]+)(?:=(?:"(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~0-9a-z-]*))?\s*(?:,|$)|\s*,/iy;

/** `Cache-Control` for one caller's own cache; what cannot be read says no more than that. */
function forOneCaller(value: string): string {
  const kept: string[] = [];
  const names = new Set<string>();
  directive.lastIndex = 0;
  while (directive.lastIndex < value.length) {
    const found = directive.exec(value);
    if (!found) return "private, no-store";
    const name = found[1]?.toLowerCase();
    if (name === undefined || shared.has(name)) continue;
    names.add(name);
    kept.push(found[0].replace(/,$/, "").trim());
  }
  // With `must-understand`, a cache may set `no-store` aside (RFC 9111 §5.2.2.3).
  const closed = names.has("no-store") && !names.has("must-understand");
  return [...(closed ? [] : ["private"]), ...kept].join(", ");
}

/** Whoever presents another token, or none, must ask again. */
const varyByToken: HeaderLine = ["vary", "Client-Token"];

const privately: HeaderLine = ["cache-control", "private"];

/**
 * Makes an answer one that only its caller's own cache may keep: its URL is a credential, and a second one
 * may be demanded, today or tomorrow (compare RFC 9111 §3.5). `no-store` stays.
 */
export function forPrivateCaches(lines: readonly HeaderLine[]): HeaderLine[] {
  const rules = valuesOf(lines, "cache-control");
  if (rules.length === 0) return [...lines, privately, varyByToken];
  const others = lines.filter(([name]) => name !== "cache-control");
  return [...others, ["cache-control", forOneCaller(rules.join(", "))], varyByToken];
}
